//! Rows out of lines: delimiters, quoting, and quoted fields that run over several lines.

use std::io::Read;
use std::ops::Range;

use csv_core::{ReadRecordResult, Terminator};

use super::IntakeError;
use super::lines::{Lines, UNDECODABLE};
use super::one_line;
use crate::connect::mapping::{Delimiter, Header};
use crate::domain::text::Text;

/// Lines and bytes over which a quoted field may run. What is longer is a quote that somebody forgot to close.
const LONGEST_QUOTED: (u32, usize) = (32, 1 << 16);

/// The fields of one row.
#[derive(Debug, Default)]
pub(super) struct Record {
    text: String,
    fields: Vec<Range<usize>>,
}

impl Record {
    /// Number of fields.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field without the blanks around it; empty where the row has no such field.
    pub(super) fn field(&self, index: usize) -> &str {
        self.fields
            .get(index)
            .and_then(|range| self.text.get(range.clone()))
            .unwrap_or_default()
            .trim()
    }

    /// All fields without the blanks around them.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        (0..self.fields.len()).map(|index| self.field(index))
    }
}

/// What the next row is.
pub(super) enum Row {
    /// A row whose fields are in the [`Record`].
    Fields,
    /// A row that cannot be taken apart.
    Refused(Text),
}

/// Where a row stands in the file, until it is consumed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Its first line, from 1.
    pub(super) line: u32,
    lines: u32,
    end: usize,
}

/// Takes rows out of a file.
pub(super) struct Rows<R> {
    pub(super) lines: Lines<R>,
    delimiter: Delimiter,
    comment: Option<String>,
    quotes: csv_core::Reader,
    unquoted: Vec<u8>,
    ends: Vec<usize>,
}

impl<R: Read> Rows<R> {
    /// Rows of these lines.
    pub(super) fn new(lines: Lines<R>, delimiter: Delimiter, comment: Option<String>) -> Self {
        let mut builder = csv_core::ReaderBuilder::new();
        builder.terminator(Terminator::Any(b'\n'));
        if let Delimiter::Character(character) = delimiter {
            builder.delimiter(character);
        }
        Self {
            lines,
            delimiter,
            comment,
            quotes: builder.build(),
            unquoted: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Passes over lines as they are.
    pub(super) fn skip_lines(&mut self, count: u32) -> Result<(), IntakeError> {
        for _ in 0..count {
            let Some(end) = self.lines.find_end(0)? else {
                break;
            };
            self.lines.consume(end, 1);
        }
        Ok(())
    }

    /// The names of the columns: those that are listed, those of the first row, or the places in it from 1.
    pub(super) fn names(&mut self, record: &mut Record, header: &Header) -> Result<Vec<String>, IntakeError> {
        if let Header::Listed(names) = header {
            return Ok(names.clone());
        }
        let Some((place, row)) = self.next(record, None)? else {
            return Err(IntakeError::Empty);
        };
        if let Row::Refused(why) = row {
            return Err(IntakeError::Header { line: place.line, why });
        }
        if *header == Header::Row {
            self.consume(place);
            Ok(record.fields().map(one_line).collect())
        } else {
            Ok((1..=record.len()).map(|place| place.to_string()).collect())
        }
    }

    /// The text of a row as it stands in the file.
    pub(super) fn raw(&self, place: Place) -> &[u8] {
        self.lines.text(place.end)
    }

    /// Passes over a row.
    pub(super) fn consume(&mut self, place: Place) {
        self.lines.consume(place.end, place.lines);
    }

    /// Takes the next row apart without consuming it. Blank and comment lines are passed over. `width` is the number of
    /// fields that a row must have to be believed when a quoted field of it runs over several lines.
    pub(super) fn next(
        &mut self,
        record: &mut Record,
        width: Option<usize>,
    ) -> Result<Option<(Place, Row)>, IntakeError> {
        loop {
            let Some(end) = self.lines.find_end(0)? else {
                return Ok(None);
            };
            let line = self.lines.number();
            let bytes = without_break(self.lines.text(end));
            if bytes.iter().all(|byte| matches!(byte, b' ' | b'\r')) {
                self.lines.consume(end, 1);
                continue;
            }
            if self
                .comment
                .as_ref()
                .is_some_and(|comment| bytes.starts_with(comment.as_bytes()))
            {
                self.lines.consume(end, 1);
                continue;
            }
            let place = Place { line, lines: 1, end };
            if let Some(why) = unreadable(bytes, self.lines.encoding()) {
                return Ok(Some((place, Row::Refused(why))));
            }
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            match self.delimiter {
                Delimiter::Whitespace => {
                    split(record, text, |text| {
                        text.split([' ', '\t']).filter(|field| !field.is_empty())
                    });
                    return Ok(Some((place, Row::Fields)));
                }
                Delimiter::Character(character) if !bytes.contains(&b'"') => {
                    split(record, text, |text| text.split(char::from(character)));
                    return Ok(Some((place, Row::Fields)));
                }
                Delimiter::Character(character) => {
                    return self.quoted(record, place, character, width).map(Some);
                }
            }
        }
    }

    /// Takes a row with quotes apart; a quote may be closed on a later line.
    fn quoted(
        &mut self,
        record: &mut Record,
        first: Place,
        delimiter: u8,
        width: Option<usize>,
    ) -> Result<(Place, Row), IntakeError> {
        let mut place = first;
        loop {
            let text = self.lines.text(place.end);
            if take_apart(
                &mut self.quotes,
                without_break(text),
                delimiter,
                &mut self.unquoted,
                &mut self.ends,
            ) {
                let believed = place.lines == 1
                    || (width.is_none_or(|width| self.ends.len() == width) && closes_properly(text, delimiter));
                let unquoted = std::str::from_utf8(&self.unquoted).ok().filter(|_| believed);
                if let Some(unquoted) = unquoted {
                    record.text.clear();
                    record.text.push_str(unquoted);
                    record.fields.clear();
                    let mut start = 0;
                    for &end in &self.ends {
                        record.fields.push(start..end);
                        start = end;
                    }
                    return Ok((place, Row::Fields));
                }
                break;
            }
            if place.lines >= LONGEST_QUOTED.0 {
                break;
            }
            let start = place.end;
            match self.lines.find_end(start)? {
                Some(end) if end <= LONGEST_QUOTED.1 => {
                    let added = self.lines.text(end).get(start..).unwrap_or_default();
                    if unreadable(without_break(added), self.lines.encoding()).is_some() {
                        break;
                    }
                    place = Place {
                        lines: place.lines + 1,
                        end,
                        ..place
                    };
                }
                _ => break,
            }
        }
        // Only the first line is refused: those after it are rows of their own.
        Ok((first, Row::Refused(Text::new("intake-quote-open"))))
    }
}

/// Splits a text whose fields are parts of it.
fn split<'text, I>(record: &mut Record, text: &'text str, parts: impl FnOnce(&'text str) -> I)
where
    I: Iterator<Item = &'text str>,
{
    record.text.clear();
    record.text.push_str(text);
    record.fields.clear();
    let begin = text.as_ptr().addr();
    record.fields.extend(parts(text).map(|part| {
        let start = part.as_ptr().addr() - begin;
        start..start + part.len()
    }));
}

/// Unquotes a whole row; false when a quote is still open at its end.
fn take_apart(
    quotes: &mut csv_core::Reader,
    text: &[u8],
    delimiter: u8,
    unquoted: &mut Vec<u8>,
    ends: &mut Vec<usize>,
) -> bool {
    quotes.reset();
    unquoted.clear();
    unquoted.resize(text.len() + 1, 0);
    ends.clear();
    ends.resize(text.split(|&byte| byte == delimiter).count() + 1, 0);
    let (mut result, _, mut written, mut fields) = quotes.read_record(text, unquoted, ends);
    if matches!(result, ReadRecordResult::InputEmpty) {
        let (rest, _, more_written, more_fields) = quotes.read_record(
            b"\n",
            unquoted.get_mut(written..).unwrap_or_default(),
            ends.get_mut(fields..).unwrap_or_default(),
        );
        result = rest;
        written += more_written;
        fields += more_fields;
    }
    unquoted.truncate(written);
    ends.truncate(fields);
    matches!(result, ReadRecordResult::Record)
}

/// Whether every quote opens at the beginning of a field and closes at its end. A quote that was never closed closes at
/// the opening one of a later row, in the middle of a field: that row must not be swallowed.
fn closes_properly(text: &[u8], delimiter: u8) -> bool {
    let mut bytes = text.iter().peekable();
    loop {
        let quoted = bytes.next_if(|&&byte| byte == b'"').is_some();
        if quoted {
            loop {
                match bytes.next() {
                    Some(b'"') if bytes.next_if(|&&byte| byte == b'"').is_none() => break,
                    Some(_) => {}
                    None => return false,
                }
            }
        }
        loop {
            match bytes.next() {
                None => return true,
                Some(&byte) if byte == delimiter => break,
                Some(b'\r' | b'\n') => {}
                Some(_) if quoted => return false,
                Some(_) => {}
            }
        }
    }
}

/// Why a line is no text at all, if it is not.
fn unreadable(bytes: &[u8], encoding: &'static str) -> Option<Text> {
    if bytes.contains(&0) {
        return Some(Text::new("intake-nul"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.contains(&0xef) && text.contains(UNDECODABLE) => {}
        Ok(_) => return None,
        Err(_) => {}
    }
    Some(Text::new("intake-bytes").with("encoding", encoding))
}

fn without_break(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}
