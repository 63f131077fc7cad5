//! A table as rows and one view, so that the warehouse that already holds the logs says what was allowed.
//!
//! The rows are what a lookup needs: names to numbers, numbers to a cell, a cell to a decision, a decision to its
//! places. The view does for every event what `audit` does, up to the first thing that is wrong with its route.

mod columns;
mod names;
mod rows;
mod view;

use std::collections::BTreeMap;

use super::promise::Level;
use super::{Export, Refused, Start};
use crate::table::format::Table;
use columns::Columns;
use rows::{Cell, Relation};

/// What the SQL was proved on.
const VERSIONS: [&str; 2] = ["sqlite 3.40", "duckdb 2.0"];

/// So many rows stand in one `INSERT`.
const BATCH: usize = 500;

/// Rows, view, and what to do with them.
pub fn export(table: &Table) -> Result<Export, Refused> {
    let columns = Columns::new(table);
    let relations = rows::all(table);
    without_backslashes(table, &relations)?;
    let mut files = BTreeMap::new();
    let mut sql = head(table);
    for relation in &relations {
        sql += &relation.create();
        sql += &relation.insert();
        files.insert(format!("csv/{}.csv", relation.name), relation.csv());
    }
    files.insert("tables.sql".to_owned(), sql);
    files.insert("events.sql".to_owned(), head(table) + &columns.create());
    files.insert("view.sql".to_owned(), view::view(table, &columns));
    files.insert("README.md".to_owned(), readme(table, &columns, &relations));
    Ok(Export {
        target: "sql",
        versions: VERSIONS.to_vec(),
        start: Start {
            file: "view.sql".to_owned(),
            command: "cat tables.sql events.sql view.sql | sqlite3 audit.db".to_owned(),
        },
        files,
        promises: super::promises(|_| {
            (
                Level::Lost,
                "rows in a warehouse stop no request: the view says of each afterwards what the table had allowed",
            )
        }),
        routes: Vec::new(),
    })
}

/// What stands at the top of each file of SQL.
fn head(table: &Table) -> String {
    let until = table.valid_until.as_deref().unwrap_or("no last day");
    format!("-- Table {}, as of {}, valid until: {until}.\n", table.digest, table.as_of)
}

/// Refuses texts that not every warehouse reads alike.
fn without_backslashes(table: &Table, relations: &[Relation]) -> Result<(), Refused> {
    let cells =
        relations.iter().flat_map(|relation| relation.rows.iter().flatten()).filter_map(Cell::as_text);
    let defaults = table.facts.values().map(|fact| fact.default.as_str());
    let Some(text) = cells.chain(defaults).find(|text| text.contains('\\')) else { return Ok(()) };
    Err(Refused {
        message: format!(
            "`{text}` holds a backslash, which some warehouses read as the beginning of an escape"
        ),
        help: "rename it without a backslash".to_owned(),
    })
}

impl Relation {
    fn create(&self) -> String {
        let columns: Vec<String> =
            self.columns.iter().map(|(name, kind)| format!("  {name} {kind}")).collect();
        format!("\nCREATE TABLE {} (\n{}\n);\n", self.name, columns.join(",\n"))
    }

    fn insert(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let mut text = String::new();
        for batch in self.rows.chunks(BATCH) {
            let rows: Vec<String> = batch
                .iter()
                .map(|row| {
                    let cells: Vec<String> = row.iter().map(rows::Cell::literal).collect();
                    format!("  ({})", cells.join(", "))
                })
                .collect();
            text +=
                &format!("INSERT INTO {} ({}) VALUES\n{};\n", self.name, names.join(", "), rows.join(",\n"));
        }
        text
    }

    fn csv(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let mut text = names.join(",") + "\n";
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(rows::Cell::csv).collect();
            text += &(cells.join(",") + "\n");
        }
        text
    }
}

fn readme(table: &Table, columns: &Columns, relations: &[Relation]) -> String {
    let mut text = format!(
        "# The decision table in a warehouse\n\nTable `{}`, as of {}.\n\n\
         1. Load the rows: run `tables.sql`, or create its tables and load `csv/`, which is quicker for large tables. The \
         cells are what the table says, letter by letter: a spreadsheet would take those that begin with `=`, `+`, `-` or \
         `@` for formulas, so open `csv/` in none.\n\
         2. Give your logs the shape of `govctl_events`: a view over them with the columns below is enough; \
         `events.sql` makes an empty table of that shape.\n\
         3. Run `view.sql`. Then `SELECT label, COUNT(*) FROM govctl_audit GROUP BY label` is the audit.\n\n\
         `decision` is the table's decision for the event, and `label` the first thing that is wrong with its route, \
         as `govctl audit` calls it: `unknown-use-case`, `not-understood`, `unknown-model`, `not-allowed`, \
         `wrong-trigger`, `wrong-hop`, `wrong-region`; else `ok`.\n\n\
         | column | type | what it is |\n| --- | --- | --- |\n",
        table.digest, table.as_of
    );
    for (name, kind, about) in &columns.all {
        text += &format!("| `{name}` | {kind} | {about} |\n");
    }
    text += "\n| table | rows |\n| --- | --- |\n";
    for relation in relations {
        text += &format!("| `{}` | {} |\n", relation.name, relation.rows.len());
    }
    text + DIALECTS
}

/// What to mind where.
const DIALECTS: &str = "\n## Dialects\n\n\
    The files are plain SQL that SQLite and DuckDB run as they are; both were held against `govctl audit`, event by \
    event.\n\n\
    - BigQuery: types are `STRING`, `INT64` and `NUMERIC` there: load `csv/`, and translate `view.sql`, which needs no \
    other change.\n\
    - Snowflake: unquoted names are upper case; nothing here is quoted, so everything fits together.\n\
    - Databricks and Spark: `DECIMAL(18, 9)` is fine.\n\
    - Trino: load the rows through a connector that can write; `CREATE VIEW` needs one that has views.\n\
    - SQLite compares decimals as floating-point numbers: remaining shares of more than fifteen digits are rounded.\n\n\
    `pip install sqlglot` translates: `sqlglot.transpile(sql, read=\"duckdb\", write=\"bigquery\")`.\n";
