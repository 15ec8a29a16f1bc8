//! How a message becomes bytes: a length (u32, big-endian) and a `MessagePack` value with named fields.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use tokio_util::codec::LengthDelimitedCodec;

use super::message::LARGEST_FRAME;

/// Why a message cannot be written, or a frame cannot be read.
#[derive(Debug, Error)]
pub enum FrameError {
    /// The message is larger than a frame may be.
    #[error("a message of {0} bytes does not fit into a frame")]
    TooLarge(usize),
    /// The message has no form in `MessagePack`.
    #[error("cannot encode a message: {0}")]
    Encode(#[from] rmp_serde::encode::Error),
    /// The frame is not the message that was expected.
    #[error("cannot read a frame: {0}")]
    Decode(#[from] rmp_serde::decode::Error),
}

/// The framing of both directions; longer frames are an error before their bytes are kept.
pub fn codec() -> LengthDelimitedCodec {
    LengthDelimitedCodec::builder()
        .big_endian()
        .length_field_type::<u32>()
        .max_frame_length(LARGEST_FRAME)
        .new_codec()
}

/// The bytes of a message.
pub fn encode<T: Serialize>(message: &T) -> Result<Bytes, FrameError> {
    let bytes = rmp_serde::to_vec_named(message)?;
    if bytes.len() > LARGEST_FRAME {
        return Err(FrameError::TooLarge(bytes.len()));
    }
    Ok(Bytes::from(bytes))
}

/// The message in a frame.
pub fn decode<T: DeserializeOwned>(frame: &[u8]) -> Result<T, FrameError> {
    Ok(rmp_serde::from_slice(frame)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::{BookId, ParameterId, Sequence};
    use crate::domain::model::Name;
    use crate::domain::reading::{Incoming, Origin, Quality, Slot};
    use crate::domain::text::Text;
    use crate::domain::time::Instant;
    use crate::engine::command::Provenance;
    use crate::engine::view::{Figure, IntakeOutcome, Totals};
    use crate::wire::message::{Delta, FromDaemon, LARGEST_BATCH, LiveState, ReplyBody, Request, RequestBody};

    #[test]
    fn the_largest_batch_fits_into_a_frame_and_comes_back() {
        let reading = Incoming {
            parameter: ParameterId(u32::MAX),
            slot: Slot {
                at: Instant::LATEST,
                span_s: u32::MAX,
                own_id: u64::MAX,
            },
            value: i64::MIN,
            quality: Quality::Uncertain,
        };
        let request = Request {
            id: u64::MAX,
            key: Some(uuid::Uuid::from_u128(7)),
            body: RequestBody::Intake {
                origin: Origin::File,
                provenance: Provenance {
                    name: "长文件名.csv".into(),
                    digest: Some("0".repeat(64)),
                    lines: vec![u32::MAX; LARGEST_BATCH],
                    reason: None,
                },
                readings: vec![reading; LARGEST_BATCH],
            },
        };
        let bytes = encode(&request).unwrap();
        assert_eq!(decode::<Request>(&bytes).unwrap(), request);
    }

    #[test]
    fn figures_of_128_bits_and_texts_come_back() {
        let figure = Figure {
            milligrams: i128::MAX - 1,
            overlapping_hours: 0,
            provisional_hours: 3,
            incomplete_hours: 0,
            failed_hours: 1,
        };
        let delta = FromDaemon::Delta(Box::new(Delta {
            number: 9,
            values: Vec::new(),
            state: LiveState {
                now: Instant(1),
                sequence: Sequence(2),
                shift: None,
                totals: vec![Totals {
                    book: BookId(1),
                    key: "main".into(),
                    name: Name::default(),
                    rate: Some(i128::MIN + 1),
                    shift: Some(figure),
                    day: figure,
                    month: figure,
                    year: figure,
                }],
                free_bytes: u64::MAX,
                refusing: Some(Text::new("daemon-disk-full").with_count("n", 3).with("path", "\u{1b}")),
                chain_head: "abcdef01".into(),
                feeds: Vec::new(),
            },
        }));
        assert_eq!(decode::<FromDaemon>(&encode(&delta).unwrap()).unwrap(), delta);
        let reply = FromDaemon::Reply {
            id: 1,
            result: Ok(ReplyBody::Intake(IntakeOutcome {
                refused: vec![(4, Text::new("number-empty"))],
                ..IntakeOutcome::default()
            })),
        };
        assert_eq!(decode::<FromDaemon>(&encode(&reply).unwrap()).unwrap(), reply);
    }

    #[test]
    fn garbage_is_an_error_not_a_message() {
        for garbage in [
            &b""[..],
            b"GET / HTTP/1.1",
            &[0xff; 64],
            &[0xdf, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert!(decode::<Request>(garbage).is_err());
        }
    }
}
