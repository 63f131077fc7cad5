//! Where conditions read something, told token by token in any text: a word that is an attribute there is a tier, an aspect
//! or a vocabulary elsewhere.

use crate::syntax::words;
use crate::vocabulary::Tier;

/// What has been read of a policy.
#[derive(Debug, Default)]
pub(super) struct Operands {
    /// The word of the statement that is open.
    statement: String,
    /// Braces that are open.
    depth: usize,
    /// A condition is open.
    is_condition: bool,
    /// Something that is read or compared comes next, if the condition goes on.
    is_wanted: bool,
    /// A list is open in it.
    is_list: bool,
    last: String,
}

impl Operands {
    /// Takes the next token; whether a condition reads it, or compares something with it.
    pub(super) fn takes(&mut self, token: &str) -> bool {
        let is_operand = if self.depth == 0 {
            self.outside(token);
            false
        } else {
            self.inside(token)
        };
        token.clone_into(&mut self.last);
        is_operand
    }

    fn outside(&mut self, token: &str) {
        match token {
            "{" => self.depth = 1,
            "rule" if Tier::parse(&self.last).is_some() => token.clone_into(&mut self.statement),
            "fact" | "regions" | "failover" | "budget" | "quota" | "attribution" | "audit" | "guarantee"
            | "test"
                if self.statement.is_empty() =>
            {
                token.clone_into(&mut self.statement);
            }
            _ => {}
        }
    }

    fn inside(&mut self, token: &str) -> bool {
        match token {
            "{" => self.depth += 1,
            "}" => {
                self.depth -= 1;
                self.is_condition = false;
                if self.depth == 0 {
                    self.statement.clear();
                }
            }
            _ if self.is_condition && self.is_wanted => {
                if token == "[" {
                    self.is_list = true;
                } else if !matches!(token, "not" | "(") {
                    self.is_wanted = false;
                    return true;
                }
            }
            _ if self.is_condition && !self.ends(token) => self.go_on(token),
            _ => {
                self.is_condition = self.begins(token);
                (self.is_wanted, self.is_list) = (self.is_condition, false);
            }
        }
        false
    }

    /// A token behind something that is read.
    fn go_on(&mut self, token: &str) {
        self.is_wanted = match token {
            "and" | "or" | "(" | "in" | "has" | "covers" => true,
            "==" | "!=" | "<" | "<=" | ">" | ">=" => true,
            "," => self.is_list,
            _ => false,
        };
        self.is_list &= token != "]";
    }

    /// Whether a clause begins with a word behind a condition; a price has `per` within it.
    fn ends(&self, token: &str) -> bool {
        words::is_clause(token) && !(token == "per" && self.last.eq_ignore_ascii_case("usd"))
    }

    /// Whether a condition follows the word of a clause.
    fn begins(&self, token: &str) -> bool {
        match self.statement.as_str() {
            "rule" => matches!(token, "when" | "require" | "forbid" | "where"),
            "guarantee" => matches!(token, "for" | "always" | "never"),
            "failover" | "budget" | "quota" | "audit" => token == "when",
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Operands;
    use crate::syntax::scan;

    #[test]
    fn what_conditions_read_is_told_from_clauses() {
        for (text, wanted) in [
            (
                "compliance rule a { when data has pii and (team == data or not regulated_output) require compliance covers regulations prefer data }",
                &["data", "pii", "team", "data", "regulated_output", "compliance", "regulations"][..],
            ),
            (
                "cost rule a { require model.cost < 3 usd per 1m tokens and data has x prefer where data has y }",
                &["model.cost", "3", "data", "x", "data", "y"],
            ),
            ("cost rule a { when team in [data, compliance] }", &["team", "data", "compliance"]),
            ("fact a in {when, data} default data budget b { when data has x on data }", &["data", "x"]),
            ("guarantee g { for data has x always data covers data }", &["data", "x", "data", "data"]),
            ("attribution { require team mode showback } precedence compliance > cost", &[]),
            ("failover f { match compliance, residency above 3x cost block }", &[]),
            ("teams budget, audit compliance rule a { when data has x }", &["data", "x"]),
        ] {
            let mut operands = Operands::default();
            let tokens = scan::tokens(text, 0).map(|token| token.text(text));
            let found: Vec<&str> = tokens.filter(|token| operands.takes(token)).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
}
