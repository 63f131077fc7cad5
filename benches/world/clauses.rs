//! What the worlds that are measured do without, so that their figures stay comparable: failover by trigger, places
//! within places, what falls together, the newer prices, budgets of models and of facts, days on which a statement
//! begins or ends.

/// Statements beside those of every world; a world keeps its promises with them.
const STATEMENTS: &str = r#"fact home in regions default eu

compliance rule service-stays-in-the-eu {
  when    use_case == support.* and residency has eu
  process in eu
  because "a contract of the help desk"
}

compliance rule at-home {
  when    use_case == support.* and home == us
  forbid  model.hosting == private-cloud
  because "what customers in the us were promised"
}

compliance rule no-previews-from-next-year {
  when    workload == batch
  forbid  model.lifecycle == preview
  from    2027-01-01
  because "agreed for the new year"
}

compliance rule pilot {
  when    use_case == support.* and budget.our-premium.remaining < 10%
  forbid  model.tier == premium and model.processed_in has apac
  until   2027-06-30
  because "a trial of half a year"
}

failover long-prompts {
  on      context-exceeded
  follow  ranking
  match   context-window
  limit   1 hop
  because "a prompt too long needs a larger window"
}

failover filtered-prompts {
  on      content-filtered
  none
  because "a filtered prompt looks for no laxer filter"
}

failover accounts {
  on       out-of-credit, unauthorized
  follow   ranking
  limit    1 hop
  cooldown 10 minutes
  because  "an account without credit stays without credit for a while"
}

budget our-premium {
  on       openai, anthropic
  limit    90000000 usd per quarter
  at       90% notify "finops@example.com"
  owner    "finops@example.com"
  escalate "cfo@example.com"
}

budget each-tenant {
  per      tenant
  limit    90000000 usd per year
  owner    "product@example.com"
  escalate "cfo@example.com"
}

quota each-tenant-rate {
  per     tenant
  limit   60000 requests per minute
  limit   9000000 requests per day
  then    queue for 30 seconds
  because "one tenant must not crowd out the others"
}

guarantee two-machine-rooms {
  for     classification == restricted and risk == high
  always  chain.failure_domains >= 1
  because "what falls together counts once"
}
"#;

/// A cloud with several doors falls with all of them.
fn failure_domain(provider: &str) -> Option<&'static str> {
    match provider {
        "azure" | "azure-ai" => Some("azure-cloud"),
        "vertex-ai" | "gemini" => Some("google-cloud"),
        _ => None,
    }
}

/// A price in millionths of a dollar, as a decimal.
fn decimal(millionths: u64) -> String {
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

fn millionths(decimal: &str) -> u64 {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let number = |digits: &str| digits.parse::<u64>().unwrap_or(0);
    number(whole) * 1_000_000 + number(fraction.get(..6).unwrap_or(&format!("{fraction:0<6}")))
}

/// The files with everything in them.
pub fn add(files: &mut Vec<(String, String)>) {
    for (path, text) in files.iter_mut() {
        if path.starts_with("registry/") {
            *text = registry(text);
        } else if path.starts_with("estate/") {
            *text = estate(text);
        } else if path == "policies/vocabulary.gov" {
            *text = text.replace("regions      eu, us", "regions      eu { eu-north, eu-south }, us");
        }
    }
    files.push(("policies/newer.gov".to_owned(), STATEMENTS.to_owned()));
}

fn registry(text: &str) -> String {
    let mut out = String::new();
    let (mut models, mut input) = (0_usize, 0);
    for line in text.lines() {
        out.push_str(line);
        out.push('\n');
        if let Some(name) = line.strip_prefix("  ").and_then(|rest| rest.strip_suffix(':')) {
            if let Some(domain) = failure_domain(name) {
                out.push_str(&format!("    failure_domain: {domain}\n"));
            }
        } else if line.starts_with("    data_retention:") {
            out.push_str("    evidence: [{facts: [data_retention], source: \"terms\", read_on: 2026-09-01, expires: 2028-09-01}]\n");
        } else if let Some(price) = line.strip_prefix("        cost_per_1m_tokens_input: ") {
            input = millionths(price);
        } else if let Some(price) = line.strip_prefix("        cost_per_1m_tokens_output: ") {
            models += 1;
            let output = millionths(price);
            if models.is_multiple_of(3) {
                out.push_str(&format!("        cost_per_1m_tokens_cached_input: {}\n", decimal(input / 10)));
            }
            if models.is_multiple_of(4) {
                out.push_str("        batch_discount: 50%\n");
            }
            if models.is_multiple_of(5) {
                let (dear, dearer) = (decimal(input * 2), decimal(output * 2));
                out.push_str(&format!(
                    "        long_prompt: {{above_tokens: 200000, input: {dear}, output: {dearer}}}\n"
                ));
            }
        }
    }
    out
}

fn estate(text: &str) -> String {
    let mut out = String::new();
    let mut stated = 0_usize;
    for line in text.lines() {
        let counts = line.strip_prefix("    expected_monthly: {").and_then(|rest| rest.strip_suffix('}'));
        let input = counts.and_then(|counts| counts.split("input_tokens: ").nth(1)?.split(',').next());
        if let (Some(counts), Some(input)) = (counts, input.and_then(|input| input.parse::<u64>().ok())) {
            stated += 1;
            let cached = if stated.is_multiple_of(2) { input / 2 } else { 0 };
            out.push_str(&format!("    expected_monthly: {{{counts}, cached_input_tokens: {cached}}}\n"));
            if stated.is_multiple_of(7) {
                out.push_str("    long_prompts: 5%\n");
            }
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
