//! Deciding commands, and applying the events that come of them.

use std::collections::HashMap;

use crate::domain::actor::Actor;
use crate::domain::identity::{ParameterId, Sequence};
use crate::domain::note::Carried;
use crate::domain::reading::Origin;
use crate::domain::text::Text;
use crate::domain::time::Instant;

use super::anomalies::{AnomaliesWorked, AnomalyDeed};
use super::attached::with_attached;
use super::attendance::person_of;
use super::command::{Answer, Command, CommandBody, Decision, Provenance, RecordToAppend, Refusal};
use super::event::{Envelope, Event, Layer, MeterChanged, Readings, Withdrawn};
use super::history::History;
use super::known::Deliverer;
use super::merge::live_value;
use super::second_check::{Awaiting, CheckSubject};
use super::view::LiveValue;
use super::{Broken, Engine};

fn refuse(text: Text) -> Refusal {
    Refusal::Request(text)
}

/// Where readings came from, without what only the engine itself says, and what is for the daemon alone.
fn unsaid(provenance: Provenance) -> Provenance {
    Provenance {
        disposed: None,
        documents: Vec::new(),
        awaits_second_person: false,
        ..provenance
    }
}

impl Engine {
    /// Decides a command: changes the state and hands over the record, which must be on disk before anybody is told.
    ///
    /// After [`Refusal::Request`] nothing has changed. After [`Refusal::Broken`] the engine must be opened anew.
    pub fn decide(&mut self, history: &dyn History, command: Command) -> Result<Decision, Refusal> {
        self.set_now(self.now.max(command.now));
        match &command.body {
            CommandBody::Intake { readings, .. } | CommandBody::Correct { readings, .. } => {
                self.pass_before(history, readings.iter().map(|reading| reading.slot.end()))?;
            }
            _ => self.pass_alarms(history)?,
        }
        let sequence = self.next;
        self.begin_record(match &command.body {
            CommandBody::Intake { origin, provenance, .. } => Deliverer::of(&command.actor, *origin, provenance),
            CommandBody::Tick | CommandBody::Check => self.kept.deliverer(),
            _ => None,
        });
        let mut values = Vec::new();
        let (event, mut answer) = match command.body {
            CommandBody::Intake {
                origin: Origin::Correction,
                ..
            } => return Err(refuse(Text::new("intake-is-not-correction"))),
            CommandBody::Intake {
                origin,
                provenance,
                readings,
            } => {
                let provenance = with_attached(origin, unsaid(provenance))?;
                self.take_in(
                    history,
                    (sequence, &command.actor),
                    (origin, provenance),
                    &readings,
                    &mut values,
                )?
            }
            CommandBody::Correct { provenance, readings } => {
                if provenance
                    .reason
                    .as_deref()
                    .is_none_or(|reason| reason.trim().is_empty())
                {
                    return Err(refuse(Text::new("correction-needs-reason")));
                }
                let origin = Origin::Correction;
                let provenance = with_attached(origin, unsaid(provenance))?;
                self.take_in(
                    history,
                    (sequence, &command.actor),
                    (origin, provenance),
                    &readings,
                    &mut values,
                )?
            }
            CommandBody::File { provenance, documents } => {
                // Documents have no cells that could have been seen.
                let provenance = Provenance {
                    seen: None,
                    ..unsaid(provenance)
                };
                self.file(
                    history,
                    (sequence, &command.actor),
                    (provenance, documents),
                    &mut values,
                )?
            }
            CommandBody::Withdraw {
                sequence: of,
                payload,
                reason,
            } => {
                let event = self.plan_withdrawal(history, (of, &payload), reason, &command.actor)?;
                (Some(event), Answer::Recorded(sequence))
            }
            CommandBody::ChangeMeter(mut change) => {
                self.complete_meter_change(&mut change)?;
                self.check_meter_change(&change)?;
                self.check_final_value(history, &change)?;
                let model = self.model();
                let changed = MeterChanged {
                    awaits_second_person: model
                        .is_some_and(|model| model.asks_second_person_of_change(change.parameter)),
                    change,
                };
                (Some(Event::MeterChanged(changed)), Answer::Recorded(sequence))
            }
            CommandBody::Apply {
                model,
                digest,
                effective_from,
            } => {
                self.check_model(&model)?;
                self.check_model_from(effective_from)?;
                let event = Event::Applied {
                    model,
                    digest,
                    effective_from,
                    awaits_approval: true,
                };
                (Some(event), Answer::Recorded(sequence))
            }
            CommandBody::Adopt { rules } => {
                self.check_rules(&rules)?;
                (Some(Event::Adopted { rules }), Answer::Recorded(sequence))
            }
            CommandBody::Restored { epoch, head } => {
                (Some(Event::Restored { epoch, head }), Answer::Recorded(sequence))
            }
            CommandBody::Seal { seal, reach } => {
                self.check_seal(history, seal.through, &reach)?;
                self.check_is_as_exported(&seal)?;
                (Some(Event::Sealed(seal)), Answer::Recorded(sequence))
            }
            CommandBody::Note(mut note) => {
                self.check_note(&mut note)?;
                (Some(Event::Noted(note)), Answer::Recorded(sequence))
            }
            CommandBody::CloseNote { closing, record } => {
                let event = self.plan_note_closing(history, closing, &record)?;
                (Some(event), Answer::Recorded(sequence))
            }
            CommandBody::HandOver(asked) => {
                let event = self.plan_handover(history, asked, &command.actor)?;
                (Some(event), Answer::Recorded(sequence))
            }
            CommandBody::CloseMonth(asked) => {
                let event = self.plan_closing(history, asked, &command.actor)?;
                (Some(event), Answer::Recorded(sequence))
            }
            CommandBody::SignOn { instead_of } => {
                let since = self.since(history, person_of(&command.actor)?)?;
                (
                    Some(Event::SignedOn { instead_of }),
                    Answer::SignedOn { sequence, since },
                )
            }
            CommandBody::SignOff(how) => {
                person_of(&command.actor)?;
                (Some(Event::SignedOff { how }), Answer::Recorded(sequence))
            }
            CommandBody::SetPin { staff_number } => (Some(Event::PinSet { staff_number }), Answer::Recorded(sequence)),
            CommandBody::Fill(fill) => (Some(self.plan_fill(history, &fill)?), Answer::Recorded(sequence)),
            CommandBody::Alarms { alarms, deed } => self.plan_answer(&alarms, deed)?,
            CommandBody::Anomalies { anomalies, deed } => {
                self.plan_work(history, &command.actor, (anomalies, deed), &mut values)?
            }
            CommandBody::SecondCheck { check, subject, record } => {
                let event = self.plan_second_check(history, (check, subject), &record, &command.actor)?;
                (Some(event), Answer::Recorded(sequence))
            }
            CommandBody::Tick => (self.look(history)?, Answer::Done),
            CommandBody::Check => (self.check(history)?, Answer::Done),
        };
        let Some(event) = event else {
            return Ok(Decision {
                record: None,
                answer,
                values,
            });
        };
        // Readings were merged while they were decided upon: the outcome of each is part of the answer. What the checks
        // find is held against what they have just found.
        if !matches!(event, Event::Readings(_) | Event::AnomaliesFound(_)) {
            self.apply(history, sequence, &command.actor, &event, &mut values)?;
        }
        if let Event::Readings(body) = &event {
            self.came_in(history, (sequence, &command.actor), body)?;
        }
        let told = self.told_by(&event, &command.actor);
        self.noted_sums = told.map(|_| HashMap::new());
        self.settle(history)?;
        if let Some((noted, told)) = self.noted_sums.take().zip(told) {
            answer.restate(self.restated_from(history, noted, told)?);
        }
        // A machine has nobody to be told.
        if !command.actor.is_daemon() {
            answer.leave_sealed(self.left_of_sealed());
        }
        let envelope = Envelope {
            actor: command.actor,
            key: command.key.map(|key| (key, answer.clone())),
        };
        self.recorded(&envelope, &event);
        let (kind, version) = event.kind();
        Ok(Decision {
            record: Some(RecordToAppend {
                kind,
                version,
                at: self.now,
                payload: event.encode(envelope)?,
            }),
            answer,
            values,
        })
    }

    /// Applies a record that is on disk already. Rights and rules are not checked again: they were when it was written.
    pub fn replay(
        &mut self,
        history: &dyn History,
        sequence: Sequence,
        kind: u16,
        version: u16,
        at: Instant,
        payload: &[u8],
    ) -> Result<(), Refusal> {
        if sequence != self.next {
            return Err(Refusal::Broken(format!(
                "record {sequence} follows where record {} is due",
                self.next
            )));
        }
        let (envelope, event) = Event::decode(kind, version, payload)?;
        self.set_now(self.now.max(at));
        match &event {
            // A document is of the past: no time passes up to what it says.
            Event::Readings(body) if body.provenance.documents.is_empty() => {
                self.pass_before(history, body.readings.iter().map(|(_, slot, ..)| slot.end()))?;
            }
            _ => self.pass_alarms(history)?,
        }
        self.begin_record(match &event {
            Event::Readings(body) => Deliverer::of(&envelope.actor, body.origin, &body.provenance),
            Event::Filled(filled) if filled.reason.is_none() => self.kept.deliverer(),
            Event::AnomaliesFound(_) => self.kept.deliverer(),
            _ => None,
        });
        self.apply(history, sequence, &envelope.actor, &event, &mut Vec::new())?;
        if let Event::Readings(body) = &event {
            self.came_in(history, (sequence, &envelope.actor), body)?;
        }
        self.settle(history)?;
        self.recorded(&envelope, &event);
        Ok(())
    }

    /// What readings say besides their values: to alarms, and of anomalies.
    fn came_in(&mut self, history: &dyn History, by: (Sequence, &Actor), body: &Readings) -> Result<(), Refusal> {
        self.hear(history, body)?;
        self.note_arrival(body);
        if body.provenance.past {
            for (parameter, slot, ..) in &body.readings {
                self.checks.filled_in(*parameter, slot.at);
            }
        }
        self.put_documents(by.0, &body.provenance.documents, by.1)?;
        self.attached.put(by.0, &body.provenance.attachments);
        if body.provenance.awaits_second_person {
            let cells = body.readings.iter();
            let cells = cells.map(|&(parameter, slot, ..)| (parameter, slot)).collect();
            self.await_second_person(Awaiting {
                record: by.0,
                by: by.1,
                typed_by: &body.provenance.typed_by,
                subject: CheckSubject::Entry,
                cells,
            })?;
        }
        match &body.provenance.disposed {
            Some(disposed) => Ok(self.work_done(history, by, disposed)?),
            None => Ok(()),
        }
    }

    fn recorded(&mut self, envelope: &Envelope, event: &Event) {
        if let Some(deed) = event.deed() {
            self.attendance.count(deed.name());
        }
        self.by_people.recorded((self.next, self.now), event);
        self.next = self.next.next();
        self.kept.recorded();
        self.state_dirty = true;
        if let Some((key, answer)) = &envelope.key {
            self.answers.insert(*key, (self.now, answer.clone()));
        }
    }

    fn apply(
        &mut self,
        history: &dyn History,
        sequence: Sequence,
        by: &Actor,
        event: &Event,
        values: &mut Vec<(ParameterId, LiveValue)>,
    ) -> Result<(), Refusal> {
        match event {
            Event::Readings(readings) => {
                self.merge(history, readings.versions(sequence))?;
            }
            Event::Withdrawn(Withdrawn { of, note: Some(at), .. }) => self.remove_note(history, *at, *of)?,
            Event::Withdrawn(Withdrawn {
                closing: Some(place), ..
            }) => self.carry_note(history, *place, Carried::Open)?,
            Event::Withdrawn(Withdrawn {
                handover: Some(place), ..
            }) => self.remove_signature(place),
            Event::Withdrawn(Withdrawn {
                of,
                layers,
                anomalies,
                documents,
                reopens,
                reason,
                ..
            }) => {
                if *documents {
                    self.remove_documents(history, *of)?;
                }
                self.await_nobody(history, *of, reopens)?;
                self.withdraw(history, layers, sequence)?;
                let taken_back = AnomaliesWorked {
                    anomalies: anomalies.clone(),
                    deed: AnomalyDeed::TakeBack { reason: reason.clone() },
                };
                self.work_done(history, (sequence, by), &taken_back)?;
                self.withdraw_meter_change(history, *of)?;
                self.newest_of(layers.iter().map(|layer| layer.parameter), values)?;
            }
            Event::MeterChanged(changed) => {
                self.change_meter(history, sequence, &changed.change)?;
                if changed.awaits_second_person {
                    self.await_second_person(Awaiting::whole(sequence, by, CheckSubject::Entry))?;
                }
            }
            Event::Applied {
                model,
                digest,
                effective_from,
                awaits_approval,
            } => {
                self.apply_model(history, sequence, model, digest, *effective_from)?;
                if *awaits_approval {
                    self.await_second_person(Awaiting::whole(sequence, by, CheckSubject::Plan))?;
                }
            }
            Event::Adopted { rules } => self.adopt(history, sequence, rules)?,
            Event::Sealed(seal) => self.seal(sequence, seal),
            Event::Noted(note) => self.put_note(sequence, note, by),
            Event::NoteClosed(closed) => {
                let carried = closed.carried(by, self.now, sequence);
                self.carry_note(history, closed.place(), carried)?;
            }
            Event::HandedOver(handed) => self.put_signature(sequence, handed, by),
            Event::MonthClosed(closed) => self.put_closing(sequence, closed, by)?,
            Event::Filed(filed) => {
                self.put_documents(sequence, &filed.documents, by)?;
                if filed.awaits_second_person {
                    self.await_second_person(Awaiting::whole(sequence, by, CheckSubject::Entry))?;
                }
            }
            Event::SecondChecked(checked) => self.second_checked(history, (sequence, by), checked)?,
            Event::SignedOn { instead_of } => self.come(sequence, by, instead_of.as_deref()),
            Event::SignedOff { .. } => self.go(sequence, by),
            Event::Filled(filled) => {
                self.fill(history, filled, values)?;
                if filled.awaits_second_person {
                    self.await_second_person(Awaiting::whole(sequence, by, CheckSubject::Entry))?;
                }
                if let Some(of) = filled.of {
                    self.await_nobody(history, of, &[])?;
                }
            }
            Event::AlarmsAnswered(answered) => self.answer_alarms(sequence, by, answered),
            Event::AnomaliesFound(all) => {
                for found in &all.found {
                    self.take_found(history, sequence, found)?;
                }
            }
            Event::AnomaliesWorked(worked) => self.work_done(history, (sequence, by), worked)?,
            Event::Restored { .. } | Event::PinSet { .. } => {}
        }
        Ok(())
    }

    pub(super) fn newest_of(
        &self,
        parameters: impl Iterator<Item = ParameterId>,
        values: &mut Vec<(ParameterId, LiveValue)>,
    ) -> Result<(), Broken> {
        for parameter in parameters {
            if let Some(newest) = &self.series(parameter)?.row.newest {
                values.push((parameter, live_value(newest)));
            }
        }
        Ok(())
    }

    /// What a withdrawal takes away: the layers that the record brought and that still stand.
    fn plan_withdrawal(
        &self,
        history: &dyn History,
        (of, payload): (Sequence, &[u8]),
        reason: String,
        by: &Actor,
    ) -> Result<Event, Refusal> {
        if reason.trim().is_empty() {
            return Err(refuse(Text::new("withdrawal-needs-reason")));
        }
        let decode = |kind| Event::decode(kind, 1, payload).map(|(_, event)| event);
        let event = decode(super::event::kind::READINGS)
            .or_else(|_| decode(super::event::kind::METER_CHANGED))
            .or_else(|_| decode(super::event::kind::NOTED))
            .or_else(|_| decode(super::event::kind::NOTE_CLOSED))
            .or_else(|_| decode(super::event::kind::HANDED_OVER))
            .or_else(|_| decode(super::event::kind::FILED))
            .or_else(|_| decode(super::event::kind::FILLED))
            .or_else(|_| decode(super::event::kind::ANOMALIES_WORKED));
        let readings = match event {
            Ok(Event::Readings(readings)) => readings,
            Ok(Event::MeterChanged(changed)) => return self.plan_meter_withdrawal(of, &changed.change, reason),
            Ok(Event::Filled(filled)) => return self.plan_fill_withdrawal(history, of, &filled, &reason),
            Ok(Event::Noted(note)) => return self.plan_note_withdrawal(history, of, &note, reason),
            Ok(Event::NoteClosed(closed)) => return self.plan_closing_withdrawal(history, of, &closed, reason),
            Ok(Event::Filed(_)) => return self.plan_document_withdrawal(history, of, reason),
            Ok(Event::HandedOver(handed)) => return self.plan_signature_withdrawal(history, of, *handed, reason),
            Ok(Event::AnomaliesWorked(worked)) => {
                let anomalies = self.plan_taking_back(history, of, (&worked, by), &reason)?;
                return Ok(Event::Withdrawn(Withdrawn {
                    anomalies,
                    ..Withdrawn::new(of, reason)
                }));
            }
            _ => return Err(refuse(Text::new("withdrawal-not-readings").with("of", of))),
        };
        let mut wanted: Vec<Layer> = readings
            .readings
            .iter()
            .map(|&(parameter, slot, ..)| Layer {
                parameter,
                slot,
                sequence: of,
            })
            .collect();
        wanted.sort_unstable_by_key(|layer| (layer.parameter, layer.slot));
        wanted.dedup();
        let mut layers = Vec::new();
        let mut opened = None;
        let mut versions = Vec::new();
        for layer in wanted {
            let series = self.series(layer.parameter)?;
            let block = (layer.parameter, series.block_of(self.zone.hour_of(layer.slot.at)));
            if opened != Some(block) {
                versions = self.block_versions(history, block.0, block.1)?.0;
                opened = Some(block);
            }
            let mut in_slot = versions
                .iter()
                .filter(|version| version.slot == layer.slot && version.stands());
            if in_slot.clone().any(|version| version.sequence > of) {
                return Err(refuse(
                    Text::new("withdrawal-rests")
                        .with("of", of)
                        .with_instant("at", layer.slot.at)
                        .with(
                            "later",
                            in_slot.map(|version| version.sequence).max().unwrap_or_default(),
                        ),
                ));
            }
            if in_slot.any(|version| version.sequence == of) {
                layers.push(layer);
            }
        }
        // Of a decision there is something to be taken back as long as it stands.
        let documents = !self.documents_of(history, of)?.is_empty();
        self.check_document_withdrawal(history, of)?;
        if layers.is_empty() && readings.provenance.disposed.is_none() && !documents {
            return Err(refuse(Text::new("withdrawal-nothing-stands").with("of", of)));
        }
        self.check_unsealed_slots(layers.iter().map(|layer| layer.slot))?;
        let anomalies = match &readings.provenance.disposed {
            Some(disposed) => self.plan_taking_back(history, of, (disposed, by), &reason)?,
            None => Vec::new(),
        };
        Ok(Event::Withdrawn(Withdrawn {
            layers,
            anomalies,
            documents,
            reopens: self.reopened_without(history, of)?,
            ..Withdrawn::new(of, reason)
        }))
    }
}
