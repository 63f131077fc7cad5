//! The estate of a draft: one use case for each public name.

use super::{Draft, Options};
use crate::import::{Notes, text};

impl Draft {
    pub(super) fn estate(&self, source: &str, options: Options, notes: &mut Notes) -> String {
        let mut estate = format!("# The names that callers of {source} ask for, one use case each.\n");
        let classification = options.approve.unwrap_or("restricted");
        estate += match options.approve {
            Some(_) => {
                "# You gave this `data_classification` for all of them: state the right one for each. Name an `owner` for each.\n"
            }
            None => {
                "# Nobody has said what data they carry, so it is assumed to be the highest, and nothing may serve them yet. Name an `owner` for each.\n"
            }
        };
        estate += "use_cases:\n";
        for use_case in &self.use_cases {
            estate += &format!(
                "  - name: {}\n    owner: unassigned\n    data_classification: {}\n",
                text::digits_first(&use_case.name),
                text::scalar(classification)
            );
            if let Some(team) = &use_case.team {
                estate += &format!("    team: {}\n", text::digits_first(team));
            }
            for comment in &use_case.comments {
                estate += &format!("    # {comment}\n");
            }
            notes.state(
                use_case.span,
                format!("who owns `{}`, and what its data is", text::comment(&use_case.name)),
            );
        }
        if self.use_cases.is_empty() { estate.replace("use_cases:\n", "use_cases: []\n") } else { estate }
    }
}
