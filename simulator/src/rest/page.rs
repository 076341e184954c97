//! Pages: lists in the carrier's envelope.

use serde_json::{Map, Value, json};

use super::form::Form;

/// The part of a list that one answer carries.
#[derive(Debug)]
pub(super) struct Page {
    range: std::ops::Range<usize>,
    number: usize,
    size: usize,
}

/// A list to be answered: its name, its path, and what was asked for.
pub(super) struct Listing<'a> {
    pub(super) name: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a Form,
}

const SIZE_DEFAULT: u32 = 50;
const SIZE_MAX: u32 = 1000;

impl Listing<'_> {
    /// Answers with the page asked for, of items in order from the newest to the oldest.
    ///
    /// A page after the first begins where a token says, which is the sid of the last item before
    /// it: items that were added meanwhile do not shift the pages.
    pub(super) fn answer<T>(
        &self,
        items: &[T],
        sid: impl Fn(&T) -> String,
        render: impl Fn(&T) -> Value,
    ) -> Value {
        let page = self.page(items.len(), |token| items.iter().position(|item| sid(item) == token));
        let shown = items.get(page.range.clone()).unwrap_or_default();
        let next = (page.range.end < items.len()).then(|| shown.last()).flatten();
        let next = next.map(|last| self.link(page.number + 1, page.size, Some(&format!("PA{}", sid(last)))));
        let previous = (page.number > 0).then(|| {
            let before =
                page.range.start.saturating_sub(page.size).checked_sub(1).and_then(|index| items.get(index));
            self.link(page.number - 1, page.size, before.map(|item| format!("PA{}", sid(item))).as_deref())
        });
        let mut body = Map::new();
        body.insert(self.name.to_owned(), shown.iter().map(render).collect());
        let envelope = json!({
            "page": page.number,
            "page_size": page.size,
            "start": page.range.start,
            "end": page.range.end.saturating_sub(1).max(page.range.start),
            "uri": self.link(page.number, page.size, self.query.get("PageToken")),
            "first_page_uri": self.link(0, page.size, None),
            "next_page_uri": next,
            "previous_page_uri": previous,
        });
        if let Value::Object(envelope) = envelope {
            body.extend(envelope);
        }
        Value::Object(body)
    }

    fn page(&self, total: usize, position: impl Fn(&str) -> Option<usize>) -> Page {
        let size = self.query.number_or("PageSize", SIZE_DEFAULT, 1..=SIZE_MAX) as usize;
        let number = self.query.number_or("Page", 0, 0..=u32::MAX) as usize;
        let after_token =
            self.query.get("PageToken").and_then(|token| token.strip_prefix("PA")).and_then(position);
        let start = after_token.map_or(number * size, |index| index + 1).min(total);
        Page { range: start..(start + size).min(total), number, size }
    }

    fn link(&self, number: usize, size: usize, token: Option<&str>) -> String {
        let filters = self.query.encode_without(&["Page", "PageSize", "PageToken"]);
        let and = if filters.is_empty() { "" } else { "&" };
        let token = token.map(|token| format!("&PageToken={token}")).unwrap_or_default();
        format!("{}?{filters}{and}PageSize={size}&Page={number}{token}", self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(query: &str, items: &[&str]) -> Value {
        let query = Form::parse(query.as_bytes());
        let listing = Listing { name: "things", path: "/things.json", query: &query };
        listing.answer(items, |item| (*item).to_owned(), |item| json!(item))
    }

    #[test]
    fn following_next_page_sees_every_item_once_though_new_ones_arrive() {
        let mut page = answer("PageSize=2&To=%2B1", &["e", "d", "c", "b", "a"]);
        assert_eq!(page["things"], json!(["e", "d"]));
        assert_eq!(page["next_page_uri"], "/things.json?To=%2B1&PageSize=2&Page=1&PageToken=PAd");
        assert_eq!(page["previous_page_uri"], Value::Null);
        let mut seen = vec![page["things"].clone()];
        while let Some(next) = page["next_page_uri"].as_str() {
            page = answer(next.split_once('?').unwrap().1, &["new", "f", "e", "d", "c", "b", "a"]);
            seen.push(page["things"].clone());
        }
        assert_eq!(seen, [json!(["e", "d"]), json!(["c", "b"]), json!(["a"])]);
        assert_eq!((&page["page"], &page["start"], &page["end"]), (&json!(2), &json!(6), &json!(6)));
        assert_eq!(page["previous_page_uri"], "/things.json?To=%2B1&PageSize=2&Page=1&PageToken=PAd");
    }

    #[test]
    fn an_empty_list_is_a_page_too() {
        let page = answer("", &[]);
        assert_eq!(
            (&page["things"], &page["page_size"], &page["next_page_uri"]),
            (&json!([]), &json!(50), &Value::Null)
        );
    }
}
