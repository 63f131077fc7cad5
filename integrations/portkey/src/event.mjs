/** What `govctl audit` asks of a log, as Portkey's metadata takes it: texts under the names of docs/events.md. */

// What Portkey cuts or refuses is left out: it allows so many characters a value.
const MOST = 128;
const ATTRIBUTION = ["business_unit", "team", "project", "application"];

/** The metadata of one attempt: what was stated, what was decided, who is asked, and how the primary failed before. */
export function eventOf(table, decision, { model, hop, by, stated }) {
  const { facts = {}, ...rest } = stated;
  const found = {
    use_case: decision.use_case,
    classification: decision.classification,
    decision: decision.index,
    table: table.digest,
    policies: decision.rules.map((rule) => rule.name).join(";"),
    route: model.id,
    hop,
    trigger: by?.trigger,
    failover: by?.failover.name,
    logged_as: by?.failover.log_as,
  };
  for (const name of ATTRIBUTION) found[name] = decision.tags[name];
  for (const [name, value] of Object.entries(rest)) if (name.startsWith("budget.")) found[name] = value;
  for (const [name, value] of Object.entries(facts)) found[`facts.${name}`] = value;
  const texts = Object.entries(found).map(([name, value]) => [name, String(value ?? "")]);
  return Object.fromEntries(texts.filter(([, text]) => text !== "" && text.length <= MOST));
}
