//! Elements: an XML document as a small tree.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// An XML element.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    /// Its own text, without that of its children.
    pub(crate) text: String,
}

/// Documents are three deep at most; anything beyond this is an attack or a mistake.
const DEPTH_MAX: usize = 16;

impl Element {
    /// Reads a document with exactly one root; says what is wrong with it otherwise.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
        // The innermost open element is last.
        let mut open: Vec<Self> = Vec::new();
        let mut root = None;
        loop {
            match reader.read_event().map_err(|error| format!("not XML: {error}"))? {
                Event::Start(_) if open.len() >= DEPTH_MAX => return Err("nested too deep".into()),
                Event::Start(start) => open.push(Self::started(&start)?),
                Event::Empty(start) => close(Self::started(&start)?, &mut open, &mut root)?,
                Event::End(_) => {
                    let element = open.pop().ok_or("an element is closed that was not opened")?;
                    close(element, &mut open, &mut root)?;
                }
                Event::Text(text) => {
                    append(&text.xml_content().map_err(|error| format!("bad text: {error}"))?, &mut open)?;
                }
                Event::CData(text) => {
                    append(&text.decode().map_err(|error| format!("bad text: {error}"))?, &mut open)?;
                }
                Event::GeneralRef(reference) => {
                    let name = reference.decode().map_err(|error| format!("bad reference: {error}"))?;
                    let character =
                        reference.resolve_char_ref().map_err(|error| format!("bad reference: {error}"))?;
                    match (character, resolve_predefined_entity(&name)) {
                        (Some(character), _) => append(character.encode_utf8(&mut [0; 4]), &mut open)?,
                        (None, Some(text)) => append(text, &mut open)?,
                        (None, None) => return Err(format!("unknown entity &{name};")),
                    }
                }
                Event::DocType(_) => return Err("a document type is not allowed".into()),
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        match (root, open.last()) {
            (_, Some(element)) => Err(format!("<{}> is not closed", element.name)),
            (None, None) => Err("the document is empty".into()),
            (Some(root), None) => Ok(root),
        }
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn started(start: &BytesStart<'_>) -> Result<Self, String> {
        let utf8 =
            |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| "a name is not UTF-8".to_owned());
        let mut element = Self { name: utf8(start.name().as_ref())?, ..Self::default() };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| format!("in <{}>: {error}", element.name))?;
            let value =
                attribute.unescape_value().map_err(|error| format!("in <{}>: {error}", element.name))?;
            element.attributes.push((utf8(attribute.key.as_ref())?, value.into_owned()));
        }
        Ok(element)
    }
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) -> Result<(), String> {
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None if root.is_some() => return Err("there is more than one root".into()),
        None => *root = Some(element),
    }
    Ok(())
}

fn append(text: &str, open: &mut [Element]) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err("there is text outside the root".into()),
    }
    Ok(())
}
