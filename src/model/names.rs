//! Names as small numbers, and sets of them.

use std::collections::HashMap;

use crate::invariant::there;

/// A name of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub(super) u32);

/// Every name once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interner {
    by_name: HashMap<String, Symbol>,
    names: Vec<String>,
}

impl Interner {
    /// The symbol of a name, made if new.
    pub fn intern(&mut self, name: &str) -> Symbol {
        if let Some(&symbol) = self.by_name.get(name) {
            return symbol;
        }
        let symbol = Symbol(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.push(name.to_owned());
        self.by_name.insert(name.to_owned(), symbol);
        symbol
    }

    /// The symbol of a name that is known.
    pub fn find(&self, name: &str) -> Option<Symbol> {
        self.by_name.get(name).copied()
    }

    /// The name of a symbol that this interner gave out.
    pub fn name(&self, symbol: Symbol) -> &str {
        there::<&String>(self.names.get(symbol.0 as usize), "the name")
    }

    /// The names of a set, sorted by bytes.
    pub fn sorted(&self, set: &Set) -> Vec<String> {
        let mut names: Vec<String> = set.iter().map(|symbol| self.name(symbol).to_owned()).collect();
        names.sort();
        names
    }
}

/// A set of symbols, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Set(Vec<Symbol>);

impl Set {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has an element.
    pub fn has(&self, symbol: Symbol) -> bool {
        self.0.binary_search(&symbol).is_ok()
    }

    /// Whether it has every element of another.
    pub fn covers(&self, other: &Set) -> bool {
        other.0.iter().all(|symbol| self.has(*symbol))
    }

    /// What both have.
    #[must_use]
    pub fn shared(&self, other: &Set) -> Set {
        self.iter().filter(|symbol| other.has(*symbol)).collect()
    }

    /// What it has and another has not.
    #[must_use]
    pub fn without(&self, other: &Set) -> Set {
        self.iter().filter(|symbol| !other.has(*symbol)).collect()
    }

    /// The elements in the order of symbols.
    pub fn iter(&self) -> impl Iterator<Item = Symbol> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<Symbol> for Set {
    fn from_iter<I: IntoIterator<Item = Symbol>>(symbols: I) -> Self {
        let mut symbols: Vec<Symbol> = symbols.into_iter().collect();
        symbols.sort_unstable();
        symbols.dedup();
        Self(symbols)
    }
}
