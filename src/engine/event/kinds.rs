//! What kinds of records are called (记录类型): one list, from which names, words and all that goes through the kinds come.

use crate::domain::text::Text;

macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident = $name:literal, $text:literal;)*) => {
        /// A kind of record, as people and programs name it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum RecordKind {
            $($(#[$meta])* $kind,)*
        }

        impl RecordKind {
            /// All kinds, in the order in which they are looked through.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// Its name, for programs.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// What people call it.
            pub const fn text(self) -> Text {
                Text::new(match self {
                    $(Self::$kind => $text,)*
                })
            }
        }
    };
}

kinds! {
    /// A note (记事).
    Note = "note", "record-kind-note";
    /// A note that was carried forward was closed (结束待续事项).
    NoteClosing = "note-closing", "record-kind-note-closing";
    /// Alarms were answered (报警处置).
    Alarm = "alarm", "record-kind-alarm";
    /// Something was done with anomalies (异常处置).
    Anomaly = "anomaly", "record-kind-anomaly";
    /// The checks found anomalies (发现异常).
    AnomalyFound = "anomaly-found", "record-kind-anomaly-found";
    /// A correction (更正).
    Correction = "correction", "record-kind-correction";
    /// Something was taken back (撤销).
    Withdrawal = "withdrawal", "record-kind-withdrawal";
    /// A meter was changed (换表).
    MeterChange = "meter-change", "record-kind-meter-change";
    /// Documents were filed (单据).
    Document = "document", "record-kind-document";
    /// A second person looked at a record (复核).
    SecondCheck = "second-check", "record-kind-second-check";
    /// A version of the plan was approved, or not (批准).
    Approval = "approval", "record-kind-approval";
    /// The handover of a shift was signed (交接班).
    Handover = "handover", "record-kind-handover";
    /// A month was closed (关账).
    Closing = "closing", "record-kind-closing";
    /// Missing hours were filled (缺失填补).
    Filling = "filling", "record-kind-filling";
    /// A model came into force (模型生效).
    Apply = "apply", "record-kind-apply";
    /// Rules came into force (规则生效).
    Adopt = "adopt", "record-kind-adopt";
    /// Months were sealed (封存).
    Seal = "seal", "record-kind-seal";
    /// The site was restored from a backup (恢复).
    Restore = "restore", "record-kind-restore";
    /// A person signed on (签到).
    SignOn = "sign-on", "record-kind-sign-on";
    /// A person was signed off (签退).
    SignOff = "sign-off", "record-kind-sign-off";
    /// A PIN was set (设置口令).
    Pin = "pin", "record-kind-pin";
    /// Readings (读数).
    Readings = "readings", "record-kind-readings";
    /// Readings whose record was dropped after it was sealed (已移出的读数).
    Dropped = "dropped", "record-kind-dropped";
    /// A record that cannot be read (无法读取).
    Unreadable = "unreadable", "record-kind-unreadable";
}

impl RecordKind {
    /// Whether records of it are always of what a person did.
    pub const fn is_by_people(self) -> bool {
        match self {
            Self::Readings | Self::Dropped | Self::Unreadable | Self::AnomalyFound | Self::Filling => false,
            Self::Note
            | Self::NoteClosing
            | Self::Alarm
            | Self::Anomaly
            | Self::Correction
            | Self::Withdrawal
            | Self::MeterChange
            | Self::Document
            | Self::SecondCheck
            | Self::Approval
            | Self::Handover
            | Self::Closing
            | Self::Apply
            | Self::Adopt
            | Self::Seal
            | Self::Restore
            | Self::SignOn
            | Self::SignOff
            | Self::Pin => true,
        }
    }

    /// The kind of a name; `None` of one that is not known.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// What people call a kind of record, by its name; `None` where it is not known.
pub fn kind_text(name: &str) -> Option<Text> {
    RecordKind::of(name).map(RecordKind::text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Localizer};

    #[test]
    fn every_kind_has_a_name_of_its_own_and_words_in_both_languages() {
        for kind in RecordKind::ALL {
            assert_eq!(RecordKind::of(kind.name()), Some(*kind));
            for language in [Language::Chinese, Language::English] {
                let said = Localizer::new(language).text(&kind.text());
                assert!(!said.contains("record-kind"), "{said}");
            }
        }
        assert_eq!(RecordKind::of("nothing"), None);
    }
}
