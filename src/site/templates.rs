//! Site models to start from, with the comments that explain them.

use crate::domain::text::Text;

/// A commented `site.toml` to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its name on the command line.
    pub name: &'static str,
    /// Id of the text that says what it is for.
    pub about: &'static str,
    /// The file.
    pub text: &'static str,
}

impl Template {
    /// What it is for.
    pub const fn about(&self) -> Text {
        Text::new(self.about)
    }
}

/// All templates.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "minimal",
        about: "site-template-minimal",
        text: include_str!("templates/minimal.toml"),
    },
    Template {
        name: "power",
        about: "site-template-power",
        text: include_str!("templates/power.toml"),
    },
    Template {
        name: "steel",
        about: "site-template-steel",
        text: include_str!("templates/steel.toml"),
    },
    Template {
        name: "cement",
        about: "site-template-cement",
        text: include_str!("templates/cement.toml"),
    },
    Template {
        name: "demo",
        about: "site-template-demo",
        text: include_str!("templates/demo.toml"),
    },
];

/// The template of a name.
pub fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.name == name)
}
