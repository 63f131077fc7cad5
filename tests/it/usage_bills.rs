//! `usage` on bills of clouds and gateways in FOCUS, on copies of files, and on what grows from nothing.

use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::bundle::{run, status, stderr, stdout};
use crate::usage::{POLICY, REGISTRY, found, pairs, report, usage, workspace};

fn with_clouds(folder: &Path) {
    let more = "  mistral:
    owner: m@example.com
    models:
      - {name: small-2603, data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}
  bedrock-eu:
    owner: b@example.com
    models:
      - {name: nova-micro, data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1, endpoint: {model: \"eu.amazon.nova-micro-v1:0\", protocol: bedrock}}
  azure-eu:
    owner: a@example.com
    models:
      - {name: gpt-6-sol, data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}
  openai:
    owner: o@example.com
    models:
      - {name: gpt-6, data_classification_max: internal, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}
";
    std::fs::write(folder.join("registry/r.yaml"), REGISTRY.to_owned() + more).expect("a file");
}

/// A charge in October 2026 of 9 dollars.
fn charge(more: &Value) -> Value {
    let mut row =
        json!({"BilledCost": 9, "BillingCurrency": "USD", "ChargePeriodStart": "2026-10-03T00:00:00Z"});
    row.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    row
}

fn by(folder: &Path, dimension: &str, rows: &[Value]) -> Value {
    let text: String = rows.iter().map(|row| row.to_string() + "\n").collect();
    report(folder, "bill.json", &text, &["--by", dimension])
}

#[test]
fn the_model_of_a_charge_is_found_in_any_column_that_may_name_it() {
    let folder = workspace();
    with_clouds(folder.path());
    let model = |more: Value| by(folder.path(), "model", &[charge(&more)])["rows"][0]["value"].clone();
    let arn = "arn:aws:bedrock:eu-west-1:99:inference-profile/eu.amazon.nova-micro-v1:0";
    for (row, wanted) in [
        (
            json!({"ProviderName": "AWS", "SkuId": "2K8ZRNUXYSFZ8GN7", "ResourceId": arn}),
            "bedrock-eu/nova-micro",
        ),
        (
            json!({"ProviderName": "Microsoft", "ResourceName": "my-account", "SkuId": "DZH3",
                "SkuMeter": "gpt 6 sol Inp glbl Tokens"}),
            "azure-eu/gpt-6-sol",
        ),
        // One column is as good as several.
        (
            json!({"ProviderName": "Microsoft Azure", "SkuId": "gpt 6 sol Inp glbl Tokens"}),
            "azure-eu/gpt-6-sol",
        ),
        (json!({"ProviderName": "OpenAI", "x_Model": "gpt-6"}), "openai/gpt-6"),
        // A variant that nobody registered is no model of ours.
        (
            json!({"ProviderName": "Microsoft", "ResourceId": "acct-1", "SkuMeter": "gpt 6 sol nano Inp glbl Tokens"}),
            "gpt 6 sol nano Inp glbl Tokens",
        ),
        (
            json!({"ProviderName": "OpenAI", "ResourceId": "acct-1", "x_Model": "gpt-6-2026-09-01"}),
            "openai/gpt-6",
        ),
        // LiteLLM writes the protocol for the provider, and our route as the service or the group.
        (
            json!({"ProviderName": "openai", "ResourceName": "small-2603", "ServiceName": "mistral/small-2603#0",
                "Tags": "{\"model_group\": \"mistral/small-2603#0\"}"}),
            "mistral/small-2603",
        ),
        (json!({"ProviderName": "openai", "ServiceName": "mistral/small-2603#1"}), "mistral/small-2603"),
        (json!({"ProviderName": "AWS", "SkuId": "2K8ZRNUXYSFZ8GN7"}), "2K8ZRNUXYSFZ8GN7"),
    ] {
        assert_eq!(model(row.clone()), json!(wanted), "{row}");
    }
    let row = charge(&json!({"ProviderName": "openai", "Tags": {"model_group": "mistral/small-2603#0"}}));
    assert_eq!(by(folder.path(), "provider", &[row])["rows"][0]["value"], "mistral");
}

#[test]
fn charges_of_other_services_are_left_out_and_said() {
    let folder = workspace();
    with_clouds(folder.path());
    let compute = json!({"ProviderName": "AWS", "ServiceCategory": "Compute", "ServiceName": "Amazon Elastic Compute Cloud"});
    let ai = json!({"ProviderName": "AWS", "ServiceCategory": "AI and Machine Learning", "SkuId": "X"});
    let mut tagged = compute.clone();
    tagged["Tags"] = json!({"use_case": "chat"});
    let rows = [charge(&compute), charge(&ai), charge(&tagged)];
    let of = by(folder.path(), "provider", &rows);
    assert_eq!(of["total"]["usd"], "18.00");
    assert_eq!(
        (&of["summary"]["other_services"], &of["summary"]["other_services_usd"]),
        (&json!(1), &json!("9.00"))
    );
    let text: String = rows.iter().map(|row| row.to_string() + "\n").collect();
    let said = stdout(&usage(folder.path(), "bill.json", &text, &[]));
    assert!(
        said.contains("note: 1 charge is of services other than models, and left out: 9.00 usd\n"),
        "{said}"
    );
}

#[test]
fn tokens_of_a_charge_are_read_where_its_unit_says_tokens() {
    let folder = workspace();
    with_clouds(folder.path());
    let of = |unit: &str, quantity: Value, meter: &str| {
        charge(&json!({"ProviderName": "Microsoft", "SkuMeter": format!("gpt 6 sol {meter} Tokens"),
            "ConsumedUnit": unit, "ConsumedQuantity": quantity, "Tags": {"use_case": "chat"}}))
    };
    let rows = [
        of("1K Tokens", json!("500"), "Inp glbl"),
        of("Tokens", json!(70.0), "cached Inp"),
        of("1M tokens", json!(0.5), "Outp"),
    ];
    let text: String = rows.iter().map(|row| row.to_string() + "\n").collect();
    let report = report(folder.path(), "bill.json", &text, &["--suggest"]);
    assert_eq!(
        report["suggestions"][0]["expected_monthly"],
        "{requests: 1000, input_tokens: 500070, output_tokens: 500000, cached_input_tokens: 70}"
    );
}

#[test]
fn growth_from_nothing_is_an_anomaly() {
    let folder = workspace();
    let spent =
        "use_case,month,usd\nchat,2026-09,100\nchat,2026-10,100\nsilent,2026-09,0\nsilent,2026-10,43.20\n";
    let of = report(folder.path(), "spend.csv", spent, &["--drift", "1000%"]);
    assert_eq!(found(&of), pairs(&[("silent", "anomaly")]));
    assert!(POLICY.contains("anomaly above"));
}

/// A bill says something else than the logs, or names a provider of which they know nothing.
#[test]
fn a_bill_that_does_not_agree_with_the_logs_is_found() {
    let folder = workspace();
    with_clouds(folder.path());
    let logs = "use_case,month,usd,provider,model\nchat,2026-10,100,north,alpha\nchat,2026-10,5,mistral,small-2603\n";
    let of = |bill: &str| {
        let path = folder.path().join("bill.csv");
        std::fs::write(&path, format!("use_case,month,usd,provider\n{bill}")).expect("a file");
        let more = ["--bill", path.to_str().expect("UTF-8"), "--drift", "25%"];
        let report = report(folder.path(), "spend.csv", logs, &more);
        let off = report["reconciliation"].as_array().expect("pairs").iter();
        let off: Vec<Value> =
            off.filter(|pair| pair["found"] != json!([])).map(|pair| pair["provider"].clone()).collect();
        (off, report["summary"]["findings"].as_u64().expect("a count"))
    };
    let (none, all) = of("chat,2026-10,90,north\n");
    assert_eq!(none, Vec::<Value>::new());
    assert_eq!(of("chat,2026-10,200,north\n"), (vec![json!("north")], all + 1));
    assert_eq!(of("chat,2026-10,100,north\nchat,2026-10,9,openai\n"), (vec![json!("openai")], all + 1));
}

/// Packed, with other line ends, with blank lines: the same file again.
#[test]
fn copies_of_a_file_are_refused_whatever_they_look_like() {
    let folder = workspace();
    let spent = "use_case,month,usd\nchat,2026-10,10\ndrafts,2026-10,20\n";
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(spent.as_bytes()).expect("packed");
    std::fs::write(path("spend.csv"), spent).expect("a file");
    std::fs::write(path("spend.csv.gz"), packed.finish().expect("packed")).expect("a file");
    std::fs::write(path("crlf.csv"), spent.replace('\n', "\r\n")).expect("a file");
    std::fs::write(path("blank.csv"), spent.replace("10\n", "10\n\n")).expect("a file");
    std::fs::write(path("copy.csv"), spent).expect("a file");
    std::fs::write(path("other.csv"), spent.replace("20", "21")).expect("a file");
    let of = |other: &str| run(folder.path(), &["usage", &path("spend.csv"), &path(other)]);
    for (name, how) in [
        ("spend.csv.gz", "line for line"),
        ("crlf.csv", "line for line"),
        ("blank.csv", "line for line"),
        ("copy.csv", "byte for byte"),
    ] {
        let output = of(name);
        assert_eq!(status(&output), 2, "{name}");
        assert!(
            stderr(&output).contains(&format!("holds, {how}, and would count twice")),
            "{}",
            stderr(&output)
        );
    }
    assert_eq!(status(&of("other.csv")), 1);
    let open = "use_case,month,usd,model\nchat,2026-10,10,\"alpha\nchat,2026-10,10000,alpha\n";
    let output = usage(folder.path(), "open.csv", open, &[]);
    assert!(
        status(&output) == 2 && stderr(&output).contains("line 2: the quote that opens there"),
        "{}",
        stderr(&output)
    );
}

/// A charge and its credit are a bill too: what the logs have beside them is not on it.
#[test]
fn logs_beside_a_bill_of_nothing_are_unreconciled() {
    let folder = workspace();
    let spent = "month,usd,provider,model\n2026-10,100.00,north,alpha\n";
    for (bill, wanted) in [
        ("month,usd,provider,model\n2026-10,0.00,north,alpha\n", json!(["unreconciled"])),
        (
            "month,usd,provider,model\n2026-10,130,north,alpha\n2026-10,-130,north,alpha\n",
            json!(["unreconciled"]),
        ),
        ("month,usd,provider,model\n2026-10,100.00,north,alpha\n", json!([])),
        ("month,usd,provider,model\n2026-10,5.00,elsewhere,beta\n", json!([])),
    ] {
        std::fs::write(folder.path().join("bill.csv"), bill).expect("a file");
        let path = folder.path().join("bill.csv");
        let report = report(folder.path(), "spend.csv", spent, &["--bill", path.to_str().expect("UTF-8")]);
        let pairs = report["reconciliation"].as_array().expect("pairs");
        let north = pairs.iter().find(|pair| pair["provider"] == "north").expect("north");
        assert_eq!(north["found"], wanted, "{bill}");
    }
}
