//! Who acts: the post (岗位) that the kernel names and the person (人员) that signed on, and what they may do.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::{Explained, Text};

/// A role of the management system (domain model §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 运行值班员: watches and acknowledges.
    Operator,
    /// 值长、班长: signs the shift.
    ShiftLead,
    /// 数据质量审核员: triages findings.
    DataQualityChecker,
    /// 碳排放核算员: models, factors, corrections.
    CarbonAccountant,
    /// 管理者代表.
    ManagementRepresentative,
    /// 部门负责人.
    DepartmentHead,
    /// 最高管理者.
    TopManagement,
    /// 内审员.
    InternalAuditor,
    /// 财务.
    Finance,
    /// 系统管理员.
    Administrator,
    /// 只读核查.
    Viewer,
}

/// What a request asks for; every request names one, and the daemon checks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// See figures, readings, explanations.
    Read,
    /// Write notes.
    Note,
    /// Answer alarms: acknowledge, shelve.
    Answer,
    /// Sign the handover of a shift.
    HandOver,
    /// Bring readings in: import, replay, type.
    Enter,
    /// Approve a version of the plan that somebody else put in force.
    Approve,
    /// Correct or withdraw readings, enter laboratory values and meter changes.
    Correct,
    /// Close a month: issue its figures.
    Close,
    /// Change the model, adopt rules.
    Model,
    /// Stop the daemon, back up, verify.
    Administer,
}

impl Right {
    /// Whether it must be known which person acts: at a shared post somebody has signed on. What is only seen or noted
    /// needs none; whatever changes a figure does.
    pub const fn needs_person(self) -> bool {
        !matches!(self, Self::Read | Self::Note)
    }
}

impl Explained for Right {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Read => "daemon-right-read",
            Self::Note => "daemon-right-note",
            Self::Answer => "daemon-right-answer",
            Self::HandOver => "daemon-right-hand-over",
            Self::Approve => "daemon-right-approve",
            Self::Enter => "daemon-right-enter",
            Self::Correct => "daemon-right-correct",
            Self::Close => "daemon-right-close",
            Self::Model => "daemon-right-model",
            Self::Administer => "daemon-right-administer",
        })
    }
}

impl Role {
    /// Of several roles the one by which somebody is called: a shift lead who watches too is a shift lead (值长), and whoever only
    /// looks is that only where they are nothing else.
    pub fn foremost(roles: &[Self]) -> Option<Self> {
        roles.iter().copied().max_by_key(|role| (*role != Self::Viewer, *role))
    }

    /// Whether this role carries a right.
    pub const fn may(self, right: Right) -> bool {
        match right {
            Right::Read => true,
            Right::Note => !matches!(self, Self::Viewer),
            Right::Answer => matches!(self, Self::Operator | Self::ShiftLead | Self::Administrator),
            Right::HandOver => matches!(self, Self::ShiftLead | Self::Administrator),
            Right::Approve => matches!(self, Self::ManagementRepresentative | Self::TopManagement),
            Right::Enter => matches!(
                self,
                Self::Operator
                    | Self::ShiftLead
                    | Self::DataQualityChecker
                    | Self::CarbonAccountant
                    | Self::Administrator
            ),
            Right::Correct => matches!(
                self,
                Self::DataQualityChecker | Self::CarbonAccountant | Self::Administrator
            ),
            Right::Close => matches!(
                self,
                Self::CarbonAccountant | Self::ManagementRepresentative | Self::TopManagement
            ),
            Right::Model => matches!(self, Self::CarbonAccountant | Self::Administrator),
            Right::Administer => matches!(self, Self::Administrator),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Operator => "operator",
            Self::ShiftLead => "shift-lead",
            Self::DataQualityChecker => "data-quality-checker",
            Self::CarbonAccountant => "carbon-accountant",
            Self::ManagementRepresentative => "management-representative",
            Self::DepartmentHead => "department-head",
            Self::TopManagement => "top-management",
            Self::InternalAuditor => "internal-auditor",
            Self::Finance => "finance",
            Self::Administrator => "administrator",
            Self::Viewer => "viewer",
        })
    }
}

impl Explained for Role {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Operator => "role-operator",
            Self::ShiftLead => "role-shift-lead",
            Self::DataQualityChecker => "role-data-quality-checker",
            Self::CarbonAccountant => "role-carbon-accountant",
            Self::ManagementRepresentative => "role-management-representative",
            Self::DepartmentHead => "role-department-head",
            Self::TopManagement => "role-top-management",
            Self::InternalAuditor => "role-internal-auditor",
            Self::Finance => "role-finance",
            Self::Administrator => "role-administrator",
            Self::Viewer => "role-viewer",
        })
    }
}

/// How a person's time at a shared post ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignOff {
    /// They signed off.
    Asked,
    /// Nobody touched a key for as long as the site allows.
    Idle,
    /// The terminal went away.
    Left,
    /// A model came into force in which they or their post are not.
    Removed,
    /// Their PIN was changed elsewhere.
    PinChanged,
    /// The daemon ended without being asked to, and found them signed on when it started again.
    Ended,
}

impl Explained for SignOff {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Asked => "sign-off-asked",
            Self::Idle => "sign-off-idle",
            Self::Left => "sign-off-left",
            Self::Removed => "sign-off-removed",
            Self::PinChanged => "sign-off-pin-changed",
            Self::Ended => "sign-off-ended",
        })
    }
}

/// Who did a thing, as it was when it was done. Written into the journal; never checked again on replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Numeric user id of the post, as the kernel gave it.
    pub uid: u32,
    /// Name of that user at that time.
    pub user: String,
    /// The person signed on at a shared post, by staff number.
    pub person: Option<String>,
    /// The roles held at that time.
    pub roles: Vec<Role>,
    /// Whether several people share the post's login (公用登录), so that it may do little before one of them signs on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
}

impl Actor {
    /// The daemon itself: start, ticks, drop folders.
    pub fn daemon() -> Self {
        Self {
            uid: 0,
            user: "carbonwatch".to_owned(),
            person: None,
            roles: Vec::new(),
            shared: false,
        }
    }

    /// Whether it is the daemon itself, and nobody who could be asked.
    pub fn is_daemon(&self) -> bool {
        *self == Self::daemon()
    }

    /// The person where one signed on, else the user of the post.
    pub fn name(&self) -> &str {
        self.person.as_deref().unwrap_or(&self.user)
    }

    /// Whether both are one human being, as far as can be known (同一人): the same staff number, or, where one of them acted
    /// without one, the same user of the post. A login of one's own and the staff number behind it are one person.
    pub fn is_same_person(&self, other: &Self) -> bool {
        match (&self.person, &other.person) {
            (Some(person), Some(other)) => person == other,
            _ => self.uid == other.uid && self.user == other.user,
        }
    }

    /// Whether one of the roles carries the right, and it is known who acts where that must be known.
    pub fn may(&self, right: Right) -> bool {
        self.roles.iter().any(|role| role.may(right)) && !(self.awaits_person() && right.needs_person())
    }

    /// Whether this is a shared post at which nobody has signed on.
    pub fn awaits_person(&self) -> bool {
        self.shared && self.person.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_roles_the_foremost_is_told() {
        use Role::{InternalAuditor, Operator, ShiftLead, Viewer};
        for (roles, foremost) in [
            (&[][..], None),
            (&[Operator, ShiftLead][..], Some(ShiftLead)),
            (&[ShiftLead, Operator, Viewer], Some(ShiftLead)),
            (&[ShiftLead, InternalAuditor], Some(InternalAuditor)),
            (&[Viewer], Some(Viewer)),
        ] {
            assert_eq!(Role::foremost(roles), foremost, "{roles:?}");
        }
    }
}
