//! Bytes of a file as lines of UTF-8, in bounded memory, whatever the encoding.

use std::io::Read;

use encoding_rs::{DecoderResult, Encoding, UTF_8};

use super::IntakeError;

/// Longest line that is read, in bytes of UTF-8. A file with a longer one is not what its mapping says.
pub const LONGEST_LINE: usize = 1 << 20;

/// Bytes asked of the file at once.
const CHUNK: usize = 1 << 16;

/// What stands for bytes that are not valid in the file's encoding: a noncharacter, which no text holds.
pub(super) const UNDECODABLE: &str = "\u{ffff}";

/// Reads a file line by line; lines can be looked at before they are consumed.
pub(super) struct Lines<R> {
    reader: R,
    /// `None` for UTF-8, which is checked line by line instead of being copied.
    decoder: Option<encoding_rs::Decoder>,
    encoding: &'static Encoding,
    raw: Vec<u8>,
    buffer: Vec<u8>,
    /// Where in `buffer` the line to be consumed next begins.
    start: usize,
    ended: bool,
    /// Number of the line at `start`, from 1.
    number: u32,
    bytes_read: u64,
}

impl<R: Read> Lines<R> {
    /// Begins to read; the byte-order mark is taken away, and one that contradicts the encoding is an error.
    pub(super) fn open(mut reader: R, encoding: &'static Encoding) -> Result<Self, IntakeError> {
        let mut raw = vec![0; CHUNK];
        let mut filled = 0;
        let mut ended = false;
        while filled < 8 && !ended {
            let count = read_some(&mut reader, raw.get_mut(filled..).unwrap_or_default())?;
            filled += count;
            ended = count == 0;
        }
        let head = raw.get(..filled).unwrap_or_default();
        if head.starts_with(b"PK\x03\x04") || head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(IntakeError::Workbook);
        }
        let mark = Encoding::for_bom(head);
        if let Some((found, _)) = mark.filter(|(found, _)| *found != encoding) {
            return Err(IntakeError::OtherEncoding {
                declared: encoding.name(),
                found: found.name(),
            });
        }
        let after_mark = mark.map_or(0, |(_, length)| length);
        let mut lines = Self {
            reader,
            decoder: (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling()),
            encoding,
            raw: Vec::new(),
            buffer: Vec::with_capacity(2 * CHUNK),
            start: 0,
            ended: false,
            number: 1,
            bytes_read: u64::try_from(filled).unwrap_or(u64::MAX),
        };
        let first = head.get(after_mark..).unwrap_or_default().to_vec();
        lines.accept(&first);
        lines.raw = raw;
        Ok(lines)
    }

    /// Bytes taken from the file so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// Number of the line that is consumed next, from 1.
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// Name of the encoding.
    pub(super) fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// Finds the line that begins `offset` bytes after the next one: the offset after its end, line break included.
    /// `None` at the end of the file.
    pub(super) fn find_end(&mut self, offset: usize) -> Result<Option<usize>, IntakeError> {
        let mut searched = offset;
        loop {
            let pending = self.buffer.get(self.start..).unwrap_or_default();
            let unsearched = pending.get(searched..).unwrap_or_default();
            if let Some(found) = unsearched.iter().position(|&byte| byte == b'\n') {
                return if searched + found - offset > LONGEST_LINE {
                    Err(self.too_long())
                } else {
                    Ok(Some(searched + found + 1))
                };
            }
            searched = pending.len();
            if searched.saturating_sub(offset) > LONGEST_LINE {
                return Err(self.too_long());
            }
            if self.ended {
                return Ok((searched > offset).then_some(searched));
            }
            self.fill()?;
        }
    }

    fn too_long(&self) -> IntakeError {
        IntakeError::LineTooLong { line: self.number }
    }

    /// The text from the next line up to an offset that [`Self::find_end`] gave.
    pub(super) fn text(&self, end: usize) -> &[u8] {
        self.buffer.get(self.start..self.start + end).unwrap_or_default()
    }

    /// Passes over the text up to an offset, which holds `lines` lines.
    pub(super) fn consume(&mut self, end: usize, lines: u32) {
        self.start = (self.start + end).min(self.buffer.len());
        self.number = self.number.saturating_add(lines);
    }

    fn fill(&mut self) -> Result<(), IntakeError> {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let mut raw = std::mem::take(&mut self.raw);
        let count = read_some(&mut self.reader, &mut raw);
        if let Ok(count) = count {
            self.bytes_read = self.bytes_read.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
            if count == 0 {
                self.ended = true;
            }
            self.accept(raw.get(..count).unwrap_or_default());
        }
        self.raw = raw;
        count.map(|_| ())
    }

    /// Appends bytes of the file to the buffer, decoded.
    fn accept(&mut self, mut bytes: &[u8]) {
        let Some(decoder) = &mut self.decoder else {
            self.buffer.extend_from_slice(bytes);
            return;
        };
        let last = self.ended;
        loop {
            let filled = self.buffer.len();
            let room = decoder
                .max_utf8_buffer_length_without_replacement(bytes.len())
                .unwrap_or(bytes.len().saturating_mul(4))
                .max(16);
            self.buffer.resize(filled + room, 0);
            let target = self.buffer.get_mut(filled..).unwrap_or_default();
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(bytes, target, last);
            self.buffer.truncate(filled + written);
            bytes = bytes.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.buffer.extend_from_slice(UNDECODABLE.as_bytes()),
            }
        }
    }
}

/// Reads once, over interruptions.
fn read_some(reader: &mut impl Read, target: &mut [u8]) -> Result<usize, IntakeError> {
    loop {
        match reader.read(target) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            other => return other.map_err(IntakeError::Read),
        }
    }
}
