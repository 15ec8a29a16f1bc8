//! Putting the changed `site.toml` in force.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::accounting::rules::RuleSet;
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text};
use crate::domain::time::Hour;
use crate::engine::Engine;
use crate::engine::command::CommandBody;
use crate::locale::foreign::system_reason;
use crate::site::{LARGEST_FILE, Problem};
use crate::wire::message::Effective;

use super::super::writer::Writer;

/// Most problems of a file that are named in one message; `carbonwatch check` names all.
const MOST_PROBLEMS: usize = 8;

/// The model that a site's file proposes, with permanent ids.
#[derive(Debug)]
pub struct Proposed {
    /// The model.
    pub model: SiteModel,
    /// BLAKE3 digest of the file, in hex.
    pub digest: String,
    /// What it can be but was hardly meant to be.
    pub warnings: Vec<Text>,
}

/// Reads the `site.toml` of a site as a proposal against the model in force.
pub fn read_proposal(site: &Path, rules: &RuleSet, in_force: Option<&SiteModel>) -> Result<Proposed, Text> {
    let path = site.join("site.toml");
    let mut bytes = Vec::new();
    // One byte more than is allowed shows that there are more.
    let limit = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX).saturating_add(1);
    File::open(&path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| {
            Text::new("daemon-site-file-unreadable")
                .with("path", path.display())
                .with_text("error", system_reason(&error))
        })?;
    let digest = blake3::hash(&bytes).to_hex().to_string();
    let name = path.display().to_string();
    let (model, warnings) = crate::site::read_bytes(&bytes, &name, rules)
        .and_then(|proposal| {
            let warnings = proposal.warnings().iter().map(Explained::text).collect();
            Ok((crate::site::assign(&proposal, in_force)?, warnings))
        })
        .map_err(|problems| problems_text(&problems))?;
    Ok(Proposed {
        model,
        digest,
        warnings,
    })
}

/// The first problems of a file as one text.
fn problems_text(problems: &[Problem]) -> Text {
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    let mut list = (more > 0).then(|| Text::new("daemon-problems-more").with_count("more", more));
    for problem in problems.iter().take(MOST_PROBLEMS).rev() {
        list = Some(match list {
            None => problem.text(),
            Some(rest) => Text::new("daemon-problems-and")
                .with_text("problem", problem.text())
                .with_text("rest", rest),
        });
    }
    let list = list.unwrap_or_else(|| Text::new("daemon-problems-none"));
    Text::new("daemon-site-file-bad")
        .with_count("count", problems.len())
        .with_text("list", list)
}

pub(super) fn command(writer: &mut Writer, digest: &str, effective: Effective) -> Result<CommandBody, Text> {
    let Proposed {
        model, digest: of_file, ..
    } = writer.proposal()?;
    let effective_from = first_hour(writer.ground.engine().0, &model, effective);
    if plan_digest(&of_file, effective_from) != digest {
        return Err(Text::new("daemon-plan-outdated"));
    }
    Ok(CommandBody::Apply {
        model: Box::new(model),
        digest: of_file,
        effective_from,
    })
}

/// What names a plan: the file, and from when on it would hold. Another date is another plan, also where the newest
/// version was dated anew meanwhile.
pub(super) fn plan_digest(of_file: &str, effective_from: Option<Hour>) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(of_file.as_bytes());
    hasher.update(&effective_from.map_or(i32::MIN, |hour| hour.0).to_le_bytes());
    hasher.finalize().to_hex().to_string()
}

/// The first hour for which a changed model is to hold; `None` for all.
pub(super) fn first_hour(engine: &Engine, model: &SiteModel, effective: Effective) -> Option<Hour> {
    match effective {
        // What is sealed cannot be amended: the change holds from there on.
        Effective::Newest => engine.newest_model_from().max(engine.unsealed_from()),
        Effective::Start => None,
        Effective::From(at) => Some(model.zone.hour_of(at)),
    }
}

impl Writer {
    /// The model that the site's file proposes now.
    pub(in crate::daemon) fn proposal(&mut self) -> Result<Proposed, Text> {
        let (engine, _) = self.ground.engine();
        let rules = engine.rules().cloned().ok_or_else(|| Text::new("daemon-no-rules"))?;
        read_proposal(&self.shared.site, &rules, self.shared.model().as_deref())
    }
}
