//! An explanation (追溯): a figure, its formula with the numbers in it, and what it rests on, step by step down to the
//! readings and who delivered them.

use ratatui::layout::Size;

use super::super::model::Model;
use super::super::overlay::{Answer, ExplainStep, Overlay};
use super::super::theme::Tone;
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::{ABOVE, BELOW};
use crate::domain::text::Text;
use crate::engine::view::{Explanation, Part};

/// Rows above the lines: the way here.
const HEADING: u16 = 1;

/// How many lines of an explanation a screen of a size shows.
pub fn body_height(size: Size) -> usize {
    usize::from(size.height.saturating_sub(ABOVE + BELOW + HEADING))
}

/// Width of an explanation that is copied as text.
const TEXT_WIDTH: usize = 100;

/// A line of an explanation.
struct Line {
    text: String,
    tone: Tone,
    /// Which part it is, if it is one.
    part: Option<usize>,
}

/// How many lines the explanation that is open has.
pub fn line_count(model: &Model) -> usize {
    match model.overlays.last() {
        Some(Overlay::Explain(steps)) => steps
            .last()
            .map_or(0, |step| lines(model, step, usize::from(model.size.width)).len()),
        _ => 0,
    }
}

/// The part that a page down or up selects: the last that is seen whole a screen further, and none above the first.
pub fn part_a_page_on(model: &Model, down: bool) -> Option<usize> {
    let Some(Overlay::Explain(steps)) = model.overlays.last() else {
        return None;
    };
    let step = steps.last()?;
    let page = body_height(model.size).max(1);
    let parts: Vec<Option<usize>> = lines(model, step, usize::from(model.size.width))
        .into_iter()
        .map(|line| line.part)
        .collect();
    let last_line = |part: usize| parts.iter().rposition(|&line| line == Some(part));
    let here = step.selected.and_then(last_line);
    if !down {
        let above = here?.checked_sub(page)?;
        return parts.get(..=above)?.iter().rev().find_map(|&part| part);
    }
    let end = here.map_or(page, |here| here + 1 + page).min(parts.len());
    let seen = parts.get(..end)?.iter().rev().find_map(|&part| part);
    let whole = seen
        .filter(|&part| last_line(part).is_some_and(|line| line < end))
        .or(seen?.checked_sub(1));
    // A part that is taller than the screen is gone past all the same.
    let next = step.selected.map_or(0, |selected| selected + 1);
    let most = parts.iter().rev().find_map(|&part| part)?;
    Some(whole.unwrap_or(next).max(next).min(most))
}

/// The explanation that is open as plain text: title, figure, formula, and what it rests on.
pub fn as_text(model: &Model) -> Option<String> {
    let Some(Overlay::Explain(steps)) = model.overlays.last() else {
        return None;
    };
    let Answer::Here(explanation) = &steps.last()?.answer else {
        return None;
    };
    let title = model.shown.text(&explanation.title);
    let lines = explanation_lines(model, explanation, TEXT_WIDTH);
    let body = lines.into_iter().map(|line| line.text.trim().to_owned());
    Some(std::iter::once(title).chain(body).collect::<Vec<_>>().join("\n"))
}

/// Draws the last of the steps, with the way to it above.
pub fn draw(model: &Model, steps: &[ExplainStep], canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let Some(step) = steps.last() else { return };
    draw_way(model, steps, canvas);
    let (width, height) = (canvas.width(), canvas.height().saturating_sub(HEADING));
    let lines = lines(model, step, usize::from(width));
    let visible = usize::from(height);
    let selected_line = step
        .selected
        .and_then(|selected| lines.iter().rposition(|line| line.part == Some(selected)));
    let top = match selected_line {
        // Of a part that is taller than the screen its beginning is seen.
        Some(last) => (last + 1)
            .saturating_sub(visible)
            .min(lines.iter().position(|line| line.part == step.selected).unwrap_or(last)),
        None => step.scrolled.min(lines.len().saturating_sub(visible)),
    };
    for (row, line) in (HEADING..canvas.height()).zip(lines.iter().skip(top)) {
        let selected = line.part.is_some() && line.part == step.selected;
        let style = shown.style(if selected { Tone::Selected } else { line.tone });
        if selected {
            canvas.style_row(row, style);
        }
        canvas.put(0, row, width, &line.text, style);
    }
}

fn draw_way(model: &Model, steps: &[ExplainStep], canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    let titles: Vec<String> = steps
        .iter()
        .map(|step| match &step.answer {
            Answer::Here(explanation) => shown.text(&explanation.title),
            Answer::Awaited(_) | Answer::Refused(_) => shown.glyphs.ellipsis.to_string(),
        })
        .collect();
    let width = canvas.width();
    let way = way(
        &titles,
        shown.glyphs.step,
        shown.glyphs.ellipsis,
        usize::from(width).saturating_sub(2),
    );
    canvas.put(1, 0, width, &way, shown.style(Tone::Title));
}

/// Fewest cells in which a step of the way still says something.
const LEAST_STEP: usize = 8;

/// The steps one after the other in so many cells. The newest matters most and stands whole; the others share what it
/// leaves, and the oldest are left out while that is too little.
fn way(titles: &[String], step: char, ellipsis: char, room: usize) -> String {
    let separator = format!(" {step} ");
    let Some((last, earlier)) = titles.split_last() else {
        return String::new();
    };
    let own = cells::width(last);
    for from in 0..=earlier.len() {
        let kept = earlier.get(from..).unwrap_or_default();
        let lead = if from > 0 {
            format!("{ellipsis}{separator}")
        } else {
            String::new()
        };
        let fixed = cells::width(&lead) + own + kept.len() * cells::width(&separator);
        let left = room.saturating_sub(fixed);
        let wanted: usize = kept.iter().map(|title| cells::width(title)).sum();
        let each = left.checked_div(kept.len()).unwrap_or(0);
        if wanted > left && each < LEAST_STEP {
            continue;
        }
        let shortened = kept.iter().map(|title| {
            if wanted > left {
                cells::fit(title, each, ellipsis)
            } else {
                title.clone()
            }
        });
        let steps: Vec<String> = shortened.chain([last.clone()]).collect();
        return format!("{lead}{}", steps.join(&separator));
    }
    last.clone()
}

fn lines(model: &Model, step: &ExplainStep, width: usize) -> Vec<Line> {
    let shown = &model.shown;
    let room = width.saturating_sub(3).max(2);
    let said = |text: String, tone: Tone| {
        cells::wrap(&text, room)
            .into_iter()
            .map(|line| Line {
                text: format!(" {line}"),
                tone,
                part: None,
            })
            .collect()
    };
    match &step.answer {
        Answer::Awaited(_) => said(shown.text(&Text::new("tui-explain-awaited")), Tone::Dim),
        Answer::Refused(why) => said(
            shown.text(&Text::new("tui-explain-refused").with_text("why", why.clone())),
            Tone::Warning,
        ),
        Answer::Here(explanation) => explanation_lines(model, explanation, width),
    }
}

fn explanation_lines(model: &Model, explanation: &Explanation, width: usize) -> Vec<Line> {
    let shown = &model.shown;
    let mut lines = Vec::new();
    let mut say = |label: Option<Text>, words: &str, tone: Tone| {
        let label = label.map_or_else(String::new, |label| shown.text(&label));
        let indent = cells::width(&label) + usize::from(!label.is_empty());
        let room = width.saturating_sub(indent + 2).max(2);
        for (place, line) in cells::wrap(words, room).into_iter().enumerate() {
            let text = if place == 0 && !label.is_empty() {
                format!(" {label} {line}")
            } else {
                format!(" {}{line}", " ".repeat(indent))
            };
            lines.push(Line { text, tone, part: None });
        }
    };
    // The way above shows the title as far as it fits.
    let title = shown.text(&explanation.title);
    if cells::width(&title) + 2 > width {
        say(None, &title, Tone::Title);
    }
    if let Some(value) = &explanation.value {
        let unit = shown.localizer.unit(explanation.unit.as_deref().unwrap_or_default());
        say(None, &format!("{value} {unit}"), Tone::Title);
    }
    if let Some(formula) = &explanation.formula {
        say(
            Some(Text::new("tui-explain-formula")),
            &shown.localizer.unit(formula),
            Tone::Text,
        );
    }
    if let Some(numbers) = &explanation.numbers {
        say(
            Some(Text::new("tui-explain-numbers")),
            &shown.localizer.unit(numbers),
            Tone::Text,
        );
    }
    for remark in &explanation.remarks {
        say(None, &shown.text(remark), Tone::Advisory);
    }
    if explanation.parts.is_empty() {
        return lines;
    }
    let count = Text::new("tui-explain-parts").with_count("count", explanation.parts.len());
    lines.push(Line {
        text: String::new(),
        tone: Tone::Text,
        part: None,
    });
    lines.push(Line {
        text: format!(" {}", shown.text(&count)),
        tone: Tone::Title,
        part: None,
    });
    for (place, part) in explanation.parts.iter().enumerate() {
        part_lines(model, part, place, width, &mut lines);
    }
    lines
}

/// A part: what it is on the left, its figure on the right; the numbers that give it and what must be said of it on lines
/// of their own.
fn part_lines(model: &Model, part: &Part, place: usize, width: usize, lines: &mut Vec<Line>) {
    let shown = &model.shown;
    let figure = match (&part.value, &part.unit) {
        (Some(value), Some(unit)) => format!("{value} {}", shown.localizer.unit(unit)),
        (Some(value), None) => value.clone(),
        (None, _) => String::new(),
    };
    let label = shown.text(&part.label);
    // A figure that does not fit beside its label stands below it, whole; a label that does not fit goes on below.
    let beside = cells::width(&label) + cells::width(&figure) + 6 <= width;
    let mut remark = part.remark.as_ref().map(|remark| shown.text(remark));
    // What is said of it stands beside its label where all of it fits: hours of the same remark are half as many lines.
    let label = match &remark {
        Some(said)
            if beside
                && part.numbers.is_none()
                && cells::width(&label) + cells::width(said) + cells::width(&figure) + 9 <= width =>
        {
            let both = format!("{label}   {said}");
            remark = None;
            both
        }
        _ => label,
    };
    let (figure, below) = if beside {
        (figure, None)
    } else {
        (
            String::new(),
            Some((figure, Tone::Text)).filter(|(figure, _)| !figure.is_empty()),
        )
    };
    let room = width.saturating_sub(cells::width(&figure) + 6).max(2);
    for (row, label) in cells::wrap(&label, room).into_iter().enumerate() {
        let opens = if row == 0 && part.target.is_some() {
            shown.glyphs.step
        } else {
            ' '
        };
        let gap = " ".repeat(room.saturating_sub(cells::width(&label)) + 1);
        lines.push(Line {
            text: format!(" {opens} {label}{gap}{figure}").trim_end().to_owned(),
            tone: Tone::Text,
            part: Some(place),
        });
    }
    let numbers = part.numbers.as_ref();
    let numbers = numbers.map(|numbers| (shown.localizer.unit(numbers).into_owned(), Tone::Text));
    let remark = remark.map(|remark| (remark, Tone::Dim));
    for (words, tone) in below.into_iter().chain(numbers).chain(remark) {
        for line in cells::wrap(&words, width.saturating_sub(8).max(2)) {
            lines.push(Line {
                text: format!("     {line}"),
                tone,
                part: Some(place),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_tells_where_one_is_as_far_as_there_is_room() {
        let titles: Vec<String> = ["Coal of unit 1, 2026-11", "2026-11-21", "Coal consumed, 14:00"]
            .map(str::to_owned)
            .into();
        let within = |room| way(&titles, '>', '~', room);
        assert_eq!(
            within(80),
            "Coal of unit 1, 2026-11 > 2026-11-21 > Coal consumed, 14:00"
        );
        assert_eq!(within(50), "Coal of uni~ > 2026-11-21 > Coal consumed, 14:00");
        assert_eq!(within(35), "~ > 2026-11~ > Coal consumed, 14:00");
        assert_eq!(within(20), "~ > Coal consumed, 14:00");
        assert_eq!(way(&[], '>', '~', 20), "");
    }
}
