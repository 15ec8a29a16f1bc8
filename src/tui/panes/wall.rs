//! The wall display (大屏): what the plant emits, and its key parameters, in figures that are read from across the room.
//!
//! It fits as many tiles as the screen has room for, as large as they can be. Where not all fit, they take turns; the
//! totals stay where there is room for them and others.

use std::time::Duration;

use super::super::model::{LinkState, Model, TotalOf};
use super::super::plant::{Condition, Plant, age, condition, figure, value};
use super::super::theme::Tone;
use super::super::widgets::big::{self, Magnitude};
use super::super::widgets::canvas::Canvas;
use super::super::widgets::cells;
use super::foot::marks;
use super::live::{condition_tone, state_text};
use crate::domain::text::Text;
use crate::engine::view::{LiveParameter, Totals};
use crate::locale::figures;

/// How long tiles stay where they take turns.
const TURN: Duration = Duration::from_secs(15);

/// Most digits after the point of a tonne: kilograms.
const TONNE_DIGITS: u32 = 3;

/// Characters that a figure needs at the least.
const FEWEST_CHARACTERS: u16 = 7;

/// Cells that a tile needs at the least, for its label.
const NARROWEST_TILE: u16 = 24;

/// Rows of a tile besides its figure: its label above, a gap below.
const AROUND: u16 = 2;

/// A figure with what it is.
struct Tile {
    label: String,
    /// What must be said of it.
    remark: String,
    figure: Number,
    tone: Tone,
}

/// A figure that can be told in fewer digits.
enum Number {
    /// Milligrams, told in tonnes.
    Milligrams(i128),
    /// A value with so many digits after the point.
    Value(rust_decimal::Decimal, u32),
    None,
}

impl Number {
    /// With as many digits after the point as there is room for; `None` where there is no room for those before it: a number
    /// without its first or last digits would be another number.
    fn text(&self, room: usize) -> Option<String> {
        let (most, told): (u32, Box<dyn Fn(u32) -> String + '_>) = match self {
            Self::Milligrams(milligrams) => (
                TONNE_DIGITS,
                Box::new(move |digits| figures::tonnes(*milligrams, digits)),
            ),
            Self::Value(value, decimals) => (*decimals, Box::new(move |digits| figures::rounded(*value, digits))),
            Self::None => return (room >= 2).then(|| "--".to_owned()),
        };
        let mut texts = (0..=most).rev().map(|digits| told(digits).replace(',', ""));
        texts.find(|text| text.len() <= room)
    }
}

/// How tiles are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Layout {
    magnitude: Magnitude,
    columns: u16,
    rows: u16,
}

impl Layout {
    /// The largest figures of which at least `fewest` fit; more columns before fewer.
    fn of(width: u16, height: u16, fewest: u16, solid_only: bool) -> Self {
        let layouts = Magnitude::ALL
            .into_iter()
            .filter(|magnitude| magnitude.is_solid() || !solid_only)
            .flat_map(|magnitude| (1..=6).rev().map(move |columns| (magnitude, columns)))
            .map(|(magnitude, columns)| Self {
                magnitude,
                columns,
                rows: height / (magnitude.cells().1 + AROUND),
            });
        let fits = |layout: &Self| {
            let is_wide = width / layout.columns >= NARROWEST_TILE;
            is_wide && layout.characters(width) >= FEWEST_CHARACTERS && layout.tiles() >= fewest
        };
        layouts.into_iter().find(fits).unwrap_or(Self {
            magnitude: Magnitude::Plain,
            columns: 2,
            rows: (height / (1 + AROUND)).max(1),
        })
    }

    /// Characters of a figure.
    const fn characters(self, width: u16) -> u16 {
        (width / self.columns).saturating_sub(2) / self.magnitude.cells().0
    }

    const fn tiles(self) -> u16 {
        self.columns * self.rows
    }
}

/// Draws it.
pub fn draw(model: &Model, canvas: &mut Canvas<'_>) {
    let Some(plant) = &model.plant else {
        return draw_why_not(model, canvas);
    };
    let totals = total_tiles(model, plant);
    let parameters = parameter_tiles(model, plant);
    let fewest = u16::try_from(totals.len()).unwrap_or(u16::MAX);
    let (width, height) = (canvas.width(), canvas.height());
    let layout = Layout::of(width, height, fewest, !model.shown.glyphs.braille);
    let room = usize::from(layout.tiles());
    let turn = usize::try_from(model.elapsed.as_secs() / TURN.as_secs()).unwrap_or(0);
    // The totals stay where at least a row is left for what takes turns.
    let stay = totals.len() + usize::from(layout.columns) <= room;
    let (fixed, turning) = if stay {
        (totals, parameters)
    } else {
        (Vec::new(), totals.into_iter().chain(parameters).collect())
    };
    let left = room.saturating_sub(fixed.len()).max(1);
    let pages = turning.len().div_ceil(left).max(1);
    let shown = fixed.iter().chain(turning.iter().skip(turn % pages * left).take(left));
    let tile_width = width / layout.columns;
    let tile_height = layout.magnitude.cells().1 + AROUND;
    for (place, tile) in (0..layout.tiles()).zip(shown) {
        let (column, row) = (place % layout.columns, place / layout.columns);
        let mut part = canvas.part(column * tile_width, row * tile_height, tile_width, tile_height);
        draw_tile(model, tile, layout, &mut part);
    }
}

/// Why there is nothing to show: whoever put it up reads it in full.
fn draw_why_not(model: &Model, canvas: &mut Canvas<'_>) {
    let LinkState::Down { why, .. } = &model.link else {
        return;
    };
    let width = canvas.width();
    let lines = cells::wrap(&model.shown.text(why), usize::from(width.saturating_sub(4)).max(2));
    for (row, line) in (1..canvas.height()).zip(lines) {
        canvas.put(2, row, width.saturating_sub(2), &line, model.shown.style(Tone::Text));
    }
}

fn draw_tile(model: &Model, tile: &Tile, layout: Layout, canvas: &mut Canvas<'_>) {
    let shown = &model.shown;
    // What nobody tells any more stays to be read, and looks like it.
    let is_lost = !matches!(model.link, LinkState::Up);
    let tone = if is_lost { Tone::Dim } else { tile.tone };
    let width = canvas.width();
    let remark_width = u16::try_from(cells::width(&tile.remark)).unwrap_or(u16::MAX);
    let label_room = width.saturating_sub(remark_width.saturating_add(3)).max(width / 2);
    let after = canvas.put(1, 0, label_room, &tile.label, shown.style(Tone::Text)) + 1;
    let remark_room = width.saturating_sub(after + 1);
    canvas.put(after, 0, remark_room, &tile.remark, shown.style(tone));
    // A figure that does not fit as large as the others is drawn smaller.
    let solid_only = !shown.glyphs.braille;
    let mut magnitudes = Magnitude::ALL
        .into_iter()
        .skip_while(|magnitude| *magnitude != layout.magnitude)
        .filter(|magnitude| magnitude.is_solid() || !solid_only);
    let told = magnitudes.find_map(|magnitude| {
        let characters = width.saturating_sub(2) / magnitude.cells().0;
        Some((magnitude, tile.figure.text(usize::from(characters))?))
    });
    let (magnitude, text) = told.unwrap_or((Magnitude::Plain, "#".repeat(usize::from(width.saturating_sub(2)))));
    let mut figure = canvas.part(1, 1, width.saturating_sub(1), magnitude.cells().1);
    big::draw(&mut figure, &text, magnitude, shown.glyphs.marker, shown.style(tone));
}

/// Rate, intensity, and the totals of shift, day, month and year.
fn total_tiles(model: &Model, plant: &Plant) -> Vec<Tile> {
    let shown = &model.shown;
    let Some(totals) = plant.totals(model.live.book) else {
        return Vec::new();
    };
    let mut tiles = vec![Tile {
        label: format!("{} tCO2e/h", shown.text(&Text::new("tui-wall-rate"))),
        remark: String::new(),
        figure: totals.rate.map_or(Number::None, Number::Milligrams),
        tone: Tone::Title,
    }];
    tiles.extend(intensity_tile(model, plant, totals));
    for total in TotalOf::ALL {
        let figure = figure(totals, total);
        let gravest = figure.and_then(|figure| marks(figure).into_iter().next());
        tiles.push(Tile {
            label: format!("{} tCO2e", shown.text(&total.label())),
            remark: gravest.as_ref().map(|mark| shown.text(&mark.long)).unwrap_or_default(),
            figure: figure.map_or(Number::None, |figure| Number::Milligrams(figure.milligrams)),
            tone: gravest.map_or(Tone::Title, |mark| mark.tone),
        });
    }
    tiles
}

/// The intensity of the first product.
fn intensity_tile(model: &Model, plant: &Plant, totals: &Totals) -> Option<Tile> {
    let shown = &model.shown;
    let intensity = totals.intensities.first()?;
    let mut products = plant.model.products.iter();
    let product = products.find(|product| product.id == intensity.product)?;
    let value = intensity.value.as_deref().and_then(|value| value.parse().ok());
    let digits = |value: &rust_decimal::Decimal| value.scale();
    let remark = intensity.reference.as_ref().map(|reference| {
        let reference = Text::new("tui-intensity-reference").with("value", reference);
        shown.text(&reference)
    });
    Some(Tile {
        label: format!(
            "{} tCO2e/{}",
            shown.localizer.name(&product.name),
            shown.localizer.unit(product.unit.symbol())
        ),
        remark: remark.unwrap_or_default(),
        figure: value.map_or(Number::None, |value| Number::Value(value, digits(&value))),
        tone: Tone::Title,
    })
}

/// The key parameters in the order of the plant.
fn parameter_tiles(model: &Model, plant: &Plant) -> Vec<Tile> {
    let now = plant.now(model.elapsed);
    let keys = plant.parameters.iter().filter(|parameter| parameter.key);
    keys.map(|parameter| parameter_tile(model, parameter, now)).collect()
}

fn parameter_tile(model: &Model, parameter: &LiveParameter, now: crate::domain::time::Instant) -> Tile {
    let shown = &model.shown;
    let found = condition(parameter, now);
    let (remark, tone) = if found == Condition::Normal {
        (String::new(), Tone::Text)
    } else {
        let state = shown.text(&state_text(parameter, found));
        let old = age(parameter, now).filter(|_| matches!(found, Condition::Stale | Condition::Substituted));
        let old = old.map(|age| format!(" {}", shown.localizer.age(age)));
        let remark = format!("{} {state}{}", found.mark(), old.unwrap_or_default());
        (remark, condition_tone(found))
    };
    Tile {
        label: format!(
            "{} {}",
            shown.localizer.name(&parameter.name),
            shown.localizer.unit(&parameter.unit)
        ),
        remark,
        figure: value(parameter).map_or(Number::None, |value| Number::Value(value, parameter.decimals)),
        tone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_figures_that_fit_are_taken() {
        let of = |width, height, solid| {
            let layout = Layout::of(width, height, 6, solid);
            (layout.magnitude, layout.columns, layout.rows)
        };
        assert_eq!(of(200, 57, false), (Magnitude::Full, 3, 5));
        assert_eq!(of(80, 21, false), (Magnitude::Half, 2, 3));
        assert_eq!(of(60, 17, false), (Magnitude::Plain, 2, 5));
        assert_eq!(of(80, 21, true), (Magnitude::Plain, 3, 7));
        assert_eq!(of(1, 1, false), (Magnitude::Plain, 2, 1));
    }

    #[test]
    fn a_figure_loses_digits_behind_the_point_and_no_others() {
        let milligrams = Number::Milligrams(12_345_678_900_000);
        for (room, told) in [(99, "12345.679"), (8, "12345.68"), (7, "12345.7"), (5, "12346")] {
            assert_eq!(milligrams.text(room).as_deref(), Some(told), "{room}");
        }
        assert_eq!(milligrams.text(4), None);
        let value = Number::Value("-0.50".parse().unwrap(), 2);
        assert_eq!(value.text(4).as_deref(), Some("-0.5"));
    }
}
