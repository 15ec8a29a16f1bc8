//! How a message becomes bytes: a length (u32, big-endian) and a `MessagePack` value with named fields.
//!
//! A client trusts its daemon and reads through [`codec`]. A daemon trusts nobody: it reads through [`FrameReader`],
//! which tells the length of a frame before a byte of it is kept.

use std::io;
use std::time::Duration;

use bytes::{BufMut, Bytes};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;
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

/// Bytes of a frame's length.
const HEAD: usize = 4;

/// Bytes by which a frame's buffer grows at least.
const STRIDE: usize = 16 * 1024;

/// Why no frame comes any more.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The other side closed the connection in the middle of a frame.
    #[error("it closed the connection in the middle of a frame")]
    Cut,
    /// The frame was not complete in time.
    #[error("a frame was not complete after {0:?}: {1} bytes of it came")]
    Stalled(Duration, usize),
    /// The system said no.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Reads frames from somebody who is not trusted: first the length, which costs nothing, and then, once the caller has
/// made room for it, the bytes. The buffer grows with the bytes that come, whatever length was announced, and never holds
/// anything of the frame after. Nothing is lost when a future is dropped before it is ready.
#[derive(Debug)]
pub struct FrameReader<R> {
    stream: R,
    /// How long a frame may take from its first byte on, or from the moment on when there is room for it.
    patience: Duration,
    head: [u8; HEAD],
    head_bytes: usize,
    body: Vec<u8>,
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    /// A reader of what comes from `stream`.
    pub fn new(stream: R, patience: Duration) -> Self {
        Self {
            stream,
            patience,
            head: [0; HEAD],
            head_bytes: 0,
            body: Vec::new(),
        }
    }

    /// Waits for the next frame and tells its length in bytes; `None` when the other side has closed the connection. It
    /// may take any time for a frame to begin, but not for its length to come.
    pub async fn announced(&mut self) -> Result<Option<usize>, ReadError> {
        if self.head_bytes == 0 && !self.read_head().await? {
            return Ok(None);
        }
        let patience = self.patience;
        let rest = async {
            while self.head_bytes < HEAD {
                if !self.read_head().await? {
                    return Err(ReadError::Cut);
                }
            }
            Ok(())
        };
        match timeout(patience, rest).await {
            Ok(read) => read?,
            Err(_) => return Err(ReadError::Stalled(patience, 0)),
        }
        Ok(Some(
            usize::try_from(u32::from_be_bytes(self.head)).unwrap_or(usize::MAX),
        ))
    }

    /// Reads some of a frame's length; false at the end of the stream.
    async fn read_head(&mut self) -> Result<bool, ReadError> {
        let missing = self.head.get_mut(self.head_bytes..).unwrap_or_default();
        let read = self.stream.read(missing).await?;
        self.head_bytes += read;
        Ok(read > 0)
    }

    /// The bytes of the frame whose length was announced.
    pub async fn body(&mut self, length: usize) -> Result<Vec<u8>, ReadError> {
        let patience = self.patience;
        match timeout(patience, self.read_body(length)).await {
            Ok(read) => read?,
            Err(_) => return Err(ReadError::Stalled(patience, self.body.len())),
        }
        self.head_bytes = 0;
        Ok(std::mem::take(&mut self.body))
    }

    async fn read_body(&mut self, length: usize) -> Result<(), ReadError> {
        while self.body.len() < length {
            let missing = length - self.body.len();
            if self.body.len() == self.body.capacity() {
                self.body.reserve_exact(missing.min(self.body.len().max(STRIDE)));
            }
            let room = missing.min(self.body.capacity() - self.body.len());
            let read = self.stream.read_buf(&mut (&mut self.body).limit(room)).await?;
            if read == 0 {
                return Err(ReadError::Cut);
            }
        }
        Ok(())
    }
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
    use crate::engine::view::{Figure, IntakeOutcome, PlannedTotals, Totals};
    use crate::wire::live::{Delta, LiveState};
    use crate::wire::message::{FromDaemon, LARGEST_BATCH, ReplyBody, Request, RequestBody};

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
                    ..Provenance::default()
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
            substituted_hours: 0,
            failed_hours: 1,
        };
        let delta = FromDaemon::Delta(Box::new(Delta {
            number: 9,
            values: Vec::new(),
            alarms: Vec::new(),
            anomalies: Vec::new(),
            state: LiveState {
                now: Instant(1),
                sequence: Sequence(2),
                shift: None,
                flooded: crate::engine::view::Flooded::default(),
                queue: 0,
                unsigned: None,
                totals: vec![Totals {
                    book: BookId(1),
                    key: "main".into(),
                    name: Name::default(),
                    rate: Some(i128::MIN + 1),
                    shift: Some(figure),
                    day: figure,
                    month: figure,
                    year: figure,
                    causes: Vec::new(),
                    planned: PlannedTotals::default(),
                    intensities: Vec::new(),
                }],
                free_bytes: u64::MAX,
                refusing: Some(Text::new("daemon-disk-full").with_count("n", 3).with("path", "\u{1b}")),
                chain_head: "abcdef01".into(),
                chain_damaged: None,
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

    /// A reader and the far end of its stream.
    fn reader() -> (FrameReader<tokio::net::UnixStream>, tokio::net::UnixStream) {
        let (near, far) = tokio::net::UnixStream::pair().unwrap();
        (FrameReader::new(near, Duration::from_millis(100)), far)
    }

    #[tokio::test]
    async fn frames_come_out_as_they_went_in_however_they_are_cut() {
        let (mut reader, mut far) = reader();
        let frames: Vec<Vec<u8>> = [0, 1, 70_000, STRIDE, 3].map(|length| vec![7; length]).into();
        let mut stream = Vec::new();
        for frame in &frames {
            stream.extend(u32::try_from(frame.len()).unwrap().to_be_bytes());
            stream.extend(frame);
        }
        let writer = tokio::spawn(async move {
            use tokio::io::AsyncWriteExt;
            for piece in stream.chunks(4999).flat_map(|piece| [&piece[..1], &piece[1..]]) {
                far.write_all(piece).await.unwrap();
                tokio::task::yield_now().await;
            }
        });
        for frame in &frames {
            assert_eq!(reader.announced().await.unwrap(), Some(frame.len()));
            // Asking again changes nothing.
            assert_eq!(reader.announced().await.unwrap(), Some(frame.len()));
            assert_eq!(&reader.body(frame.len()).await.unwrap(), frame);
        }
        assert_eq!(reader.announced().await.unwrap(), None);
        writer.await.unwrap();
    }

    #[tokio::test]
    async fn the_buffer_grows_with_what_comes_and_not_with_what_is_announced() {
        use tokio::io::AsyncWriteExt;
        let (mut reader, mut far) = reader();
        far.write_all(&u32::MAX.to_be_bytes()).await.unwrap();
        far.write_all(&vec![7; 50_000]).await.unwrap();
        assert_eq!(reader.announced().await.unwrap(), Some(u32::MAX as usize));
        assert_eq!(reader.body.capacity(), 0, "nothing is kept before there is room for it");
        match reader.body(u32::MAX as usize).await {
            Err(ReadError::Stalled(_, 50_000)) => {}
            other => panic!("{other:?}"),
        }
        assert!(reader.body.capacity() <= 100_000, "{}", reader.body.capacity());
    }

    #[tokio::test]
    async fn an_unfinished_frame_is_given_up_and_an_idle_connection_is_not() {
        use tokio::io::AsyncWriteExt;
        let (mut reader, mut far) = reader();
        assert!(
            timeout(Duration::from_millis(400), reader.announced()).await.is_err(),
            "idle"
        );
        far.write_all(&[0, 0]).await.unwrap();
        assert!(matches!(reader.announced().await, Err(ReadError::Stalled(_, 0))));
        far.write_all(&[1, 0, 1]).await.unwrap();
        assert_eq!(reader.announced().await.unwrap(), Some(256));
        assert!(matches!(reader.body(256).await, Err(ReadError::Stalled(_, 1))));
        drop(far);
        assert!(matches!(reader.body(256).await, Err(ReadError::Cut)));
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
