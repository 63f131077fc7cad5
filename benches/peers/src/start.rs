//! From start to exit: a process that reads a small policy, says what is wrong with it, and ends.

use std::path::Path;
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::Instant;

use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use govctl::model::Date;
use govctl::render::{Counts, json};
use govctl::load;
use govctl::workspace;

use crate::measure::spread;
use crate::world::AS_OF;
use crate::{cedar, rego};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/logistics");

/// What a process can be asked to do; the first does nothing, and shows what starting costs.
const WHAT: [(&str, &str); 4] = [
    ("nothing", "a process that does nothing"),
    ("govctl", "govctl: check examples/logistics"),
    ("cedar", "cedar: parse and validate"),
    ("rego", "regorus: parse and compile"),
];

/// Starts this program again and again for each.
pub fn measure() {
    println!(
        "\nstart to exit, median of 100 processes (least to most); the last two only read and type a policy\n"
    );
    for (what, shown) in WHAT {
        let one = |_| {
            let mut command = Command::new(std::env::current_exe().expect("this program"));
            command.args(["--only", what]).stdout(Stdio::null());
            let start = Instant::now();
            assert!(command.status().expect("it runs again").success(), "{what}");
            start.elapsed().as_secs_f64() * 1e9
        };
        println!("  {shown:<34} {}", spread((0..100).map(one).collect()).shown());
    }
}

/// One of them, in a process of its own.
pub fn only(what: &str) {
    match what {
        "govctl" => govctl(),
        "cedar" => {
            let policies = PolicySet::from_str(cedar::FORBIDS).expect("the policies parse");
            let schema = Schema::from_str(cedar::SCHEMA).expect("the schema parses");
            let result = Validator::new(schema).validate(&policies, ValidationMode::Strict);
            assert!(result.validation_passed(), "{result}");
        }
        "rego" => rego::compile(rego::NATURAL),
        _ => {}
    }
}

fn govctl() {
    let as_of: Date = AS_OF.parse().expect("a day");
    let read = workspace::read(load::load(Path::new(EXAMPLE)).expect("the example is read"), as_of);
    let checked = read.check();
    assert!(!checked.has_errors());
    let counts = Counts { use_cases: read.use_cases, models: read.models, contexts: checked.contexts };
    println!("{}", json::render(&read.sources, &checked.findings, counts));
}
