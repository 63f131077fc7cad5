//! `govctl who`: who depends on what the registry says.

use clap::Args;

use super::{Answered, Common, Format, Status, ask, terminal};
use crate::decide::survey::Survey;
use crate::render::who as render;
use crate::who::{self, Question, posture};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    about: About,
    /// Of a certification: only that of this provider or model
    #[arg(long, value_name = "PROVIDER|MODEL", requires = "certification")]
    of: Option<String>,
    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

/// What is asked about; without any, what each model holds is printed.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct About {
    /// Who depends on a certification
    #[arg(long, value_name = "NAME")]
    certification: Option<String>,
    /// Who depends on the data processing agreement of a provider or model
    #[arg(long, value_name = "PROVIDER|MODEL")]
    agreement: Option<String>,
    /// Who depends on a provider
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Who depends on a failure domain
    #[arg(long, value_name = "NAME")]
    failure_domain: Option<String>,
    /// Who depends on a model
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Whose requests may be processed in a region, or within it
    #[arg(long, value_name = "NAME")]
    region: Option<String>,
    /// Who depends on providers established in a jurisdiction
    #[arg(long, value_name = "NAME")]
    jurisdiction: Option<String>,
}

impl Arguments {
    fn question(&self) -> Option<Question> {
        let about = &self.about;
        let certification = about.certification.clone();
        certification
            .map(|name| Question::Certification(name, self.of.clone()))
            .or_else(|| about.agreement.clone().map(Question::Agreement))
            .or_else(|| about.provider.clone().map(Question::Provider))
            .or_else(|| about.failure_domain.clone().map(Question::FailureDomain))
            .or_else(|| about.model.clone().map(Question::Model))
            .or_else(|| about.region.clone().map(Question::Region))
            .or_else(|| about.jurisdiction.clone().map(Question::Jurisdiction))
    }
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    super::decided(common, |survey| answer(survey, arguments, common))
}

fn answer(survey: &Survey, arguments: &Arguments, common: &Common) -> Answered {
    let width = common.style_out().width;
    let Some(mut question) = arguments.question() else {
        let all = posture::all(survey.world);
        return match arguments.format {
            Format::Human => terminal::show(&render::matrix(&all, width), Status::Fine),
            Format::Json => terminal::answer(&render::matrix_json(&all, common.as_of()), Status::Fine),
        };
    };
    if let Question::Model(name) = &mut question
        && let [id] = survey.world.find_model(name).as_slice()
    {
        name.clone_from(&survey.world.models[*id].id);
    }
    let status = if survey.complete() { Status::Fine } else { Status::Negative };
    if status == Status::Negative {
        super::note_left_out();
    }
    let Some(answer) = who::ask(survey, &question) else {
        return Err(nobody(survey.world, &question).into());
    };
    match arguments.format {
        Format::Human => terminal::show(&render::human(&question, &answer, width), status),
        Format::Json => terminal::answer(&render::json(&question, &answer, common.as_of()), status),
    }
}

/// Why there is no answer: nothing has that name, or nobody has it.
fn nobody(world: &crate::model::World, question: &Question) -> String {
    let known = who::names(world, question);
    let kind = question.kind().replace('-', " ");
    let name = question.name();
    if let Question::Agreement(name) = question
        && known.contains(name)
    {
        return format!("`{name}` has no confirmed agreement");
    }
    if let (Question::Certification(..), Some(of)) = (question, question.of())
        && known.iter().any(|one| one == name)
    {
        return format!("`{of}` does not hold `{name}`");
    }
    let what = match question {
        Question::Agreement(_) => "provider or model".to_owned(),
        _ => kind,
    };
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    ask::unknown(&what, name, &known)
}
