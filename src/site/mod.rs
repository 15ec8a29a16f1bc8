//! The proposal for a site model, `site.toml`: reading, checking, templates, and giving permanent identities.
