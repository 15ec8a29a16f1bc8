//! Everything that can be checked: the chain, every row, and a full recomputation from the readings.

use std::collections::BTreeMap;
use std::path::Path;

use crate::domain::attachment::Digest;
use crate::domain::identity::Sequence;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::time::PlantZone;
use crate::engine::Engine;
use crate::engine::attached::Named;
use crate::engine::recorded::Recorded;
use crate::engine::sealed::SealInForce;
use crate::store::attachments::{Attachments, Damage};
use crate::store::site::SEALED;
use crate::store::{ChainHash, JournalReader, Record, StateStore, check_sealed_export};
use crate::wire::answers::VerifyView;
use crate::wire::message::ReplyBody;

use super::super::ground::GroundError;
use super::super::job::ReplyTo;
use super::super::writer::Writer;
use super::on_its_own;

pub(super) fn start(writer: &mut Writer, expect: Option<String>, reply: ReplyTo) {
    let Ok(expect) = expect.map(|hex| hex.parse::<ChainHash>()).transpose() else {
        return reply.send(Err(Text::new("daemon-not-a-digest")));
    };
    let zone = writer.zone();
    let site = writer.shared.site.clone();
    let reader = writer.ground.reader();
    let state = writer.ground.state().clone();
    on_its_own("verify", reply, move || {
        let view = verify(&site, &reader, &state, zone, expect)?;
        Ok(ReplyBody::Verify(Box::new(view)))
    });
}

/// Checks a site while it is served. The state is held still meanwhile; intake goes on.
fn verify(
    site: &Path,
    reader: &JournalReader,
    state: &StateStore,
    zone: PlantZone,
    expect: Option<ChainHash>,
) -> Result<VerifyView, Text> {
    let told = |error: GroundError| error.text();
    let mut recorded = Recorded::default();
    let chain = reader.walk_chain(expect, &mut |record| take(&mut recorded, record));
    let chain = chain.map_err(|error| told(error.into()))?;
    let mut findings = Vec::new();
    if let Some(place) = &chain.bad {
        findings.push(Text::new("daemon-chain-broken").with("place", clean(&place.to_string())));
    }
    if expect.is_some() && chain.expected_at.is_none() {
        findings.push(Text::new("daemon-digest-not-in-chain"));
    }
    let pinned = state.pin();
    let rows = match pinned.check() {
        Ok(rows) => rows,
        Err(error) if error.is_damage() => {
            findings.push(unreadable(&error.to_string()));
            return Ok(VerifyView {
                sound: false,
                records: chain.records,
                rows: 0,
                cells: 0,
                sealed_through: None,
                dropped: chain.dropped,
                head: chain.head.hash.to_string(),
                findings,
            });
        }
        Err(error) => return Err(error.text()),
    };
    for bad in &rows.bad {
        findings.push(
            Text::new("daemon-row-damaged")
                .with("tree", bad.tree)
                .with("key", &bad.key)
                .with("damage", clean(&bad.damage.to_string())),
        );
    }
    let unnamed = rows
        .bad_rows
        .saturating_sub(u64::try_from(rows.bad.len()).unwrap_or(u64::MAX));
    if unnamed > 0 {
        findings.push(Text::new("daemon-rows-damaged-more").with_count("more", unnamed));
    }
    for tree in &rows.wrong_sums {
        findings.push(Text::new("daemon-rows-missing").with("tree", tree.name()));
    }
    // The state may have gone on while the chain was walked through.
    for record in reader.records_from(chain.head.sequence.next()) {
        match record {
            Ok(record) if record.sequence <= rows.applied => take(&mut recorded, &record),
            _ => break,
        }
    }
    let attached = recorded.attachments();
    // Behind a damaged place nobody knows what people did; the damage is a finding itself.
    let recorded = chain.bad.is_none().then_some(&recorded);
    let mut cells = 0;
    let mut sealed = None;
    // Rows that cannot be read cannot be recomputed from; the findings above say so.
    if rows.is_good() && rows.applied.0 > 0 {
        let computed = Engine::open(&pinned, zone).and_then(|engine| {
            sealed = engine.sealed().cloned();
            engine.verify(&pinned, recorded)
        });
        match computed {
            Ok(verified) => {
                cells = verified.cells;
                findings.extend(verified.findings);
            }
            Err(error) => {
                pinned.held().map_err(|ended| ended.text())?;
                findings.push(unreadable(&error.to_string()));
            }
        }
    }
    drop(pinned);
    findings.extend(check_seal(site, sealed.as_ref(), chain.last_dropped));
    findings.extend(check_attachments(site, &attached));
    Ok(VerifyView {
        sound: findings.is_empty(),
        records: chain.records,
        rows: rows.rows.iter().map(|(_, count)| count).sum(),
        cells,
        sealed_through: sealed.map(|sealed| sealed.seal.through),
        dropped: chain.dropped,
        head: chain.head.hash.to_string(),
        findings,
    })
}

/// Takes the next record of the journal in.
fn take(recorded: &mut Recorded, record: &Record) {
    if let Some(payload) = record.payload.kept() {
        recorded.take(record.sequence, record.at, record.kind, record.version, payload);
    }
}

/// Whether the seal's export is whole, and nothing was dropped that no seal covers.
fn check_seal(site: &Path, sealed: Option<&SealInForce>, last_dropped: Option<Sequence>) -> Vec<Text> {
    let mut findings = Vec::new();
    if let Some(sealed) = sealed {
        let checked = sealed
            .seal
            .export
            .parse::<ChainHash>()
            .map_err(|error| error.to_string());
        let checked = checked
            .and_then(|digest| check_sealed_export(site, sealed.seal.applied, digest).map_err(|e| e.to_string()));
        if let Err(error) = checked {
            findings.push(
                Text::new("daemon-sealed-export-bad")
                    .with("error", clean(&error))
                    .with("directory", clean(&site.join(SEALED).display().to_string()))
                    .with("number", format!("{:020}", sealed.seal.applied.0)),
            );
        }
    }
    let covered = sealed.map_or(Sequence(0), |sealed| sealed.seal.applied);
    if let Some(last) = last_dropped.filter(|last| *last > covered) {
        findings.push(Text::new("daemon-dropped-without-seal").with("sequence", last));
    }
    findings
}

/// What was attached must be here as it was.
fn check_attachments(site: &Path, attached: &BTreeMap<Digest, Named>) -> Vec<Text> {
    let damaged = Attachments::of(site).damaged(attached.keys().copied());
    let finding = |(digest, damage): (Digest, Damage)| {
        let text = Text::new(match damage {
            Damage::Lost => "attachment-lost",
            Damage::Changed => "attachment-changed-since",
        });
        Some(attached.get(&digest)?.told(text.with("digest", digest)))
    };
    damaged.into_iter().filter_map(finding).collect()
}

/// The finding that the state cannot be read at all.
fn unreadable(error: &str) -> Text {
    Text::new("daemon-state-unreadable").with("error", clean(error))
}
