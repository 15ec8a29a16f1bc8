//! Journal records, a page at a time: from the newest backwards or from one onwards, of those that are looked for. What
//! one answer costs is bounded, whatever is found.

use crate::domain::identity::Sequence;
use crate::domain::model::SiteModel;
use crate::domain::text::{Explained, Text};
use crate::domain::time::Month;
use crate::engine::event::RecordKind;
use crate::engine::second_check::CheckSubject;
use crate::store::{JournalError, JournalReader, Record};
use crate::wire::message::ReplyBody;
use crate::wire::records::{ChainView, RecordFilter, RecordPage, RecordView, TailFrom};

use super::super::ground::{GroundError, chain_broken};
use super::super::snapshot::Snapshot;
use super::super::writer::Writer;
use super::Question;
use super::record::Listed;
use super::record_filter::Sieve;

/// Most records in one answer.
const MOST_RECORDS: usize = 1000;

/// Most records that are looked at for one answer.
const MOST_LOOKED_AT: usize = 4096;

/// Most bytes of records that are looked at for one answer, beyond the piece in hand.
const MOST_BYTES: usize = 32 << 20;

/// Records that are read in one go on the way backwards.
const PIECE: u64 = 256;

/// Most records of what people did that are read in one go.
const MOST_AT_ONCE: usize = 64;

/// Most places in one answer at which reading fails: each costs opening a segment anew.
const MOST_FAILURES: usize = 64;

/// What is asked for.
pub(super) struct Wanted {
    pub(super) count: u32,
    pub(super) from: TailFrom,
    pub(super) filter: RecordFilter,
    pub(super) changes: bool,
}

pub(super) fn question(writer: &Writer, wanted: Wanted) -> Question {
    let reader = writer.ground.reader();
    let model = writer.ground.model().cloned();
    // What was before a record stands in the state, not in the journal; and which records people made, in theirs.
    let is_of_people = Sieve::new(&wanted.filter, model.as_deref()).takes_people_only();
    let snapshot = (wanted.changes || is_of_people).then(|| writer.ground.snapshot());
    let sealed_through = writer.shared.sealed().map(|(sealed, _)| sealed.seal.through);
    Box::new(move || answer(reader, &wanted, model.as_deref(), snapshot.as_ref(), sealed_through))
}

fn answer(
    reader: JournalReader,
    wanted: &Wanted,
    model: Option<&SiteModel>,
    snapshot: Option<&Snapshot>,
    sealed_through: Option<Month>,
) -> Result<ReplyBody, Text> {
    let head = reader.head();
    let most = usize::try_from(wanted.count).unwrap_or(MOST_RECORDS).min(MOST_RECORDS);
    let mut search = Search {
        reader,
        sieve: Sieve::new(&wanted.filter, model),
        most,
        model,
        snapshot,
        changes: wanted.changes,
        found: Vec::new(),
        looked_at: 0,
        bytes: 0,
        failures: 0,
    };
    let (records, reached) = match wanted.from {
        TailFrom::Newest => search.backwards(head.sequence.next())?,
        TailFrom::Before(before) => search.backwards(before.min(head.sequence.next()))?,
        TailFrom::After(after) => search.onwards(after, head.sequence)?,
    };
    let damaged = search.reader.damaged();
    Ok(ReplyBody::Records(Box::new(RecordPage {
        records,
        reached,
        chain: ChainView {
            head: head.sequence,
            digest: head.hash.to_string(),
            sealed_through,
            damaged: damaged.map(|place| chain_broken(&place)),
        },
    })))
}

/// A search through the journal, with what it has cost so far.
struct Search<'a> {
    reader: JournalReader,
    sieve: Sieve,
    most: usize,
    model: Option<&'a SiteModel>,
    snapshot: Option<&'a Snapshot>,
    /// Whether what was before each record and what is after is asked for.
    changes: bool,
    found: Vec<RecordView>,
    looked_at: usize,
    bytes: usize,
    failures: usize,
}

/// A record that was looked at, or why it could not be.
enum Seen {
    Record(Box<Listed>),
    Passed(Sequence),
    Unreadable(Sequence, Text),
}

impl Seen {
    fn sequence(&self) -> Sequence {
        match self {
            Self::Record(listed) => listed.view.sequence,
            Self::Passed(sequence) | Self::Unreadable(sequence, _) => *sequence,
        }
    }
}

impl Search<'_> {
    fn may_go_on(&self) -> bool {
        self.found.len() < self.most
            && self.looked_at < MOST_LOOKED_AT
            && self.bytes < MOST_BYTES
            && self.failures < MOST_FAILURES
    }

    /// Looks at records before one, the newest first; gives what was found, newest last, and the last one looked at.
    fn backwards(&mut self, before: Sequence) -> Result<(Vec<RecordView>, Sequence), Text> {
        let mut reached = match self.snapshot {
            Some(snapshot) if self.sieve.takes_people_only() => self.by_people(before, snapshot)?,
            _ => before,
        };
        while reached.0 > 1 && self.may_go_on() {
            let piece = if self.sieve.takes_all() {
                u64::try_from(self.most - self.found.len()).unwrap_or(PIECE).min(PIECE)
            } else {
                PIECE
            };
            let start = Sequence(reached.0.saturating_sub(piece).max(1));
            let seen = self.look_at(start, reached)?;
            for seen in seen.into_iter().rev() {
                if self.found.len() >= self.most {
                    break;
                }
                reached = seen.sequence();
                self.take(seen);
            }
        }
        let mut found = std::mem::take(&mut self.found);
        found.reverse();
        Ok((found, reached))
    }

    /// Looks at records before one of those that people made, wherever they are, down to the first record of which it is
    /// known; gives where that ended.
    fn by_people(&mut self, before: Sequence, snapshot: &Snapshot) -> Result<Sequence, Text> {
        let since = snapshot.engine().by_people_since();
        let kind = self.sieve.kind();
        let mut reached = before;
        while reached > since && self.may_go_on() {
            let most = (self.most - self.found.len()).min(MOST_AT_ONCE);
            let (found, down_to) =
                snapshot.ask(|engine, history| engine.last_by_people(history, reached, kind.as_deref(), most))?;
            // What is found counts as it is looked at; what is passed over is as much work.
            if found.is_empty() {
                self.looked_at += MOST_LOOKED_AT;
            }
            for sequence in found {
                for seen in self.look_at(sequence, sequence.next())? {
                    self.take(seen);
                }
            }
            reached = down_to.unwrap_or(since).min(reached);
        }
        Ok(reached)
    }

    /// Looks at records after one, up to the head.
    fn onwards(&mut self, after: Sequence, head: Sequence) -> Result<(Vec<RecordView>, Sequence), Text> {
        let mut reached = after;
        while reached < head && self.may_go_on() {
            let end = Sequence(reached.0.saturating_add(PIECE).min(head.0)).next();
            for seen in self.look_at(reached.next(), end)? {
                if self.found.len() >= self.most {
                    break;
                }
                reached = seen.sequence();
                self.take(seen);
            }
        }
        Ok((std::mem::take(&mut self.found), reached))
    }

    /// Takes a record into the answer, if it is looked for. Neighbours that cannot be read are told in one line.
    fn take(&mut self, seen: Seen) {
        match seen {
            Seen::Passed(_) => {}
            Seen::Record(listed) => {
                let asked = self.snapshot.filter(|_| self.changes);
                let check = listed.second_check(asked);
                let changes = listed.changes(asked, check.as_ref());
                let approval = check.filter(|check| check.subject == CheckSubject::Plan);
                self.found.push(RecordView {
                    approval: approval.map(Box::new),
                    changes,
                    ..listed.view
                });
            }
            Seen::Unreadable(sequence, why) => match self.found.last_mut() {
                Some(last)
                    if last.kind == RecordKind::Unreadable.name() && last.sequence.0.abs_diff(sequence.0) == 1 =>
                {
                    last.sequence = sequence;
                }
                _ => self.found.push(unreadable(sequence, &why)),
            },
        }
    }

    /// Looks at the records from one up to, not including, another, in order.
    fn look_at(&mut self, start: Sequence, end: Sequence) -> Result<Vec<Seen>, Text> {
        let mut seen = Vec::new();
        let mut next = start;
        while next < end {
            let mut failed = None;
            for record in self.reader.records_from(next) {
                match record {
                    Ok(record) if record.sequence >= end => {
                        next = end;
                        break;
                    }
                    Ok(record) => {
                        next = record.sequence.next();
                        self.looked_at += 1;
                        self.bytes += record.payload.length();
                        seen.push(self.sift(&record));
                        if next >= end {
                            break;
                        }
                    }
                    Err(JournalError::Corrupt(place)) => {
                        failed = Some(chain_broken(&place));
                        break;
                    }
                    Err(error) => return Err(GroundError::from(error).text()),
                }
            }
            let Some(why) = failed else { break };
            self.failures += 1;
            self.looked_at += 1;
            seen.push(Seen::Unreadable(next, why));
            next = next.next();
        }
        Ok(seen)
    }

    fn sift(&self, record: &Record) -> Seen {
        let listed = Listed::new(record, self.model);
        if self.sieve.takes(record, &listed) {
            Seen::Record(Box::new(listed))
        } else {
            Seen::Passed(record.sequence)
        }
    }
}

fn unreadable(sequence: Sequence, why: &Text) -> RecordView {
    RecordView {
        approval: None,
        sequence,
        at: None,
        actor: None,
        kind: RecordKind::Unreadable.name().to_owned(),
        from: String::new(),
        what: Text::new("record-unreadable").with_text("why", why.clone()),
        changes: Vec::new(),
        hash: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::writer::group::tests::{intake, writer};
    use crate::domain::actor::Actor;
    use crate::domain::identity::ParameterId;
    use crate::domain::reading::{Incoming, Quality, Slot};
    use crate::domain::time::Instant;
    use crate::engine::command::{CommandBody, Provenance};
    use crate::locale::{Language, Localizer};
    use crate::wire::records::KindFilter;

    fn ask(writer: &Writer, from: TailFrom, count: u32, kinds: KindFilter, words: &str) -> RecordPage {
        let wanted = Wanted {
            count,
            from,
            filter: RecordFilter {
                kinds,
                words: words.to_owned(),
            },
            changes: true,
        };
        match question(writer, wanted)() {
            Ok(ReplyBody::Records(page)) => *page,
            other => panic!("{other:?}"),
        }
    }

    fn sequences(page: &RecordPage) -> Vec<u64> {
        page.records.iter().map(|record| record.sequence.0).collect()
    }

    #[test]
    fn pages_lead_back_to_the_first_record_and_forth_again_and_miss_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(directory.path());
        for quarter in 0..20 {
            writer.commit(vec![intake(quarter..quarter + 1).0]);
        }
        let head = writer.ground.head().sequence.0;
        let mut found = Vec::new();
        let mut from = TailFrom::Newest;
        loop {
            let page = ask(&writer, from, 7, KindFilter::All, "");
            found.extend(page.records.iter().rev().map(|record| record.sequence.0));
            if page.reached.0 <= 1 {
                break;
            }
            from = TailFrom::Before(page.reached);
        }
        assert_eq!(found, (1..=head).rev().collect::<Vec<_>>());
        let page = ask(&writer, TailFrom::After(Sequence(3)), 5, KindFilter::All, "");
        assert_eq!((sequences(&page), page.reached.0), ((4..9).collect(), 8));
        let page = ask(&writer, TailFrom::After(Sequence(head)), 5, KindFilter::All, "");
        assert_eq!((sequences(&page), page.reached.0), (Vec::new(), head));
    }

    #[test]
    fn what_people_did_is_found_by_kind_person_reason_and_tag_with_its_before_and_after() {
        let directory = tempfile::tempdir().unwrap();
        let (mut writer, _lock) = writer(directory.path());
        let model = writer.ground.model().unwrap().clone();
        let tag = model
            .parameters
            .iter()
            .find(|parameter| parameter.id == ParameterId(1))
            .unwrap()
            .tag
            .clone();
        writer.commit(vec![intake(0..4).0]);
        let actor = Actor {
            uid: 7,
            user: "zhangw".to_owned(),
            ..Actor::daemon()
        };
        let correct = CommandBody::Correct {
            provenance: Provenance {
                name: "correct".to_owned(),
                reason: Some("drifted".to_owned()),
                ..Provenance::default()
            },
            readings: vec![Incoming {
                parameter: ParameterId(1),
                slot: Slot {
                    at: Instant(1_740_758_400_000),
                    span_s: 900,
                    own_id: 0,
                },
                value: 777,
                quality: Quality::Good,
            }],
        };
        writer.command(&actor, correct).unwrap();
        let corrected = writer.ground.head().sequence.0;
        writer.commit(vec![intake(4..8).0]);
        for words in ["zhang", "DRIFT", tag.as_str(), "更正", "correction zhangw"] {
            let page = ask(&writer, TailFrom::Newest, 10, KindFilter::All, words);
            assert_eq!(sequences(&page), [corrected], "{words}");
        }
        assert!(
            ask(&writer, TailFrom::Newest, 10, KindFilter::All, "nobody")
                .records
                .is_empty()
        );
        let page = ask(
            &writer,
            TailFrom::Newest,
            10,
            KindFilter::Only("correction".to_owned()),
            "",
        );
        assert_eq!(sequences(&page), [corrected]);
        let change = Localizer::new(Language::English).text(&page.records[0].changes[0]);
        assert!(change.starts_with(&tag) && change.contains("10.00 → 7.77"), "{change}");
        // One look finds it behind more records than one answer looks at.
        for quarter in 8..i64::try_from(MOST_LOOKED_AT).unwrap() + 200 {
            writer.commit(vec![intake(quarter..quarter + 1).0]);
        }
        let page = ask(
            &writer,
            TailFrom::Newest,
            10,
            KindFilter::Only("correction".to_owned()),
            "",
        );
        assert_eq!((sequences(&page), page.reached), (vec![corrected], Sequence(1)));
        let people = ask(&writer, TailFrom::Newest, 100, KindFilter::ByPeople, "");
        assert!(people.records.iter().all(|record| record.kind != "readings"));
        assert!(sequences(&people).contains(&corrected));
    }
}
