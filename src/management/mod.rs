//! Management (管理): what the standards ask of the people who run the plant, judged from what the site knows. Pure.

pub mod evidence;
