//! An answer written piece by piece as it is made: all of it together can be many times as large as what it is made from.

use std::io;

use serde::Serialize;

use super::json::inert;

/// Takes the next piece of a text.
pub type Take<'t> = dyn FnMut(&str) -> io::Result<()> + 't;

/// JSON in pieces: the bytes are those that [`super::json::to_text`] gives of the whole.
pub struct Json<'w> {
    out: &'w mut Take<'w>,
    /// Per object or list that is open, how it ends and whether something is in it.
    open: Vec<(&'static str, bool)>,
    /// A key was written, and its value comes next.
    is_named: bool,
}

impl<'w> Json<'w> {
    /// Nothing yet.
    pub fn new(out: &'w mut Take<'w>) -> Self {
        Self { out, open: Vec::new(), is_named: false }
    }

    /// Begins an object.
    pub fn object(&mut self) -> io::Result<()> {
        self.begin("{", "}")
    }

    /// Begins a list.
    pub fn list(&mut self) -> io::Result<()> {
        self.begin("[", "]")
    }

    /// Begins a list under a key.
    pub fn list_of(&mut self, key: &str) -> io::Result<()> {
        self.key(key)?;
        self.list()
    }

    /// Ends what was begun last; after the whole, a line feed.
    pub fn end(&mut self) -> io::Result<()> {
        let Some((end, has_items)) = self.open.pop() else { return Ok(()) };
        if has_items {
            self.line()?;
        }
        (self.out)(end)?;
        if self.open.is_empty() { (self.out)("\n") } else { Ok(()) }
    }

    /// A key of ours.
    pub fn key(&mut self, key: &str) -> io::Result<()> {
        self.next()?;
        (self.out)(&format!("\"{key}\": "))?;
        self.is_named = true;
        Ok(())
    }

    /// A key and its value.
    pub fn field(&mut self, key: &str, value: &impl Serialize) -> io::Result<()> {
        self.key(key)?;
        self.value(value)
    }

    /// As JSON.
    pub fn value(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = self.made(value);
        self.text(&text)
    }

    /// A value as [`Json::text`] takes it here and wherever as much is open.
    pub fn made(&self, value: &impl Serialize) -> String {
        // Serialising plain data with text keys cannot fail.
        let text = inert(&serde_json::to_string_pretty(value).unwrap_or_default());
        // No string has a line feed in it: those are escaped.
        text.replace('\n', &format!("\n{}", "  ".repeat(self.open.len())))
    }

    /// A value that was made.
    pub fn text(&mut self, made: &str) -> io::Result<()> {
        self.next()?;
        (self.out)(made)
    }

    fn begin(&mut self, begin: &str, end: &'static str) -> io::Result<()> {
        self.next()?;
        (self.out)(begin)?;
        self.open.push((end, false));
        Ok(())
    }

    /// What stands before the next key or value.
    fn next(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.is_named) {
            return Ok(());
        }
        let Some((_, has_items)) = self.open.last_mut() else { return Ok(()) };
        if std::mem::replace(has_items, true) {
            (self.out)(",")?;
        }
        self.line()
    }

    fn line(&mut self) -> io::Result<()> {
        (self.out)("\n")?;
        self.open.iter().try_for_each(|_| (self.out)("  "))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Json;
    use crate::render::json::to_text;

    #[test]
    fn pieces_are_the_bytes_of_the_whole() {
        let item = json!({"a": ["x\n##", {}], "b": []});
        let whole = json!({"all": [item, item, 3], "empty": [], "last": null});
        let mut out = String::new();
        let mut take = |piece: &str| {
            out += piece;
            Ok(())
        };
        let mut json = Json::new(&mut take);
        let write = |json: &mut Json| {
            json.object()?;
            json.list_of("all")?;
            json.value(&item)?;
            json.object()?;
            json.field("a", &item["a"])?;
            json.list_of("b")?;
            json.end()?;
            json.end()?;
            json.value(&3)?;
            json.end()?;
            json.list_of("empty")?;
            json.end()?;
            json.field("last", &())?;
            json.end()
        };
        assert!(write(&mut json).is_ok());
        assert_eq!(out, to_text(&whole));
    }
}
