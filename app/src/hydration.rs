//! Taking over a page that the server rendered. Between its first picture and that moment a person may have begun to
//! type, for seconds on a slow tablet: what was typed is kept.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventInit, HtmlInputElement, HtmlTextAreaElement};

/// What a person wrote into the fields of the page before the program was there.
pub struct TypedEarly(Vec<(Field, String)>);

enum Field {
    Line(HtmlInputElement),
    Lines(HtmlTextAreaElement),
}

impl TypedEarly {
    /// Reads the fields that no longer hold what the server wrote into them. Boxes, choices and files are left alone.
    #[must_use]
    pub fn read() -> Self {
        let selector = "input:not([type=checkbox], [type=radio], [type=file], [type=hidden]), textarea";
        // It fails only for a selector that is none.
        let Ok(nodes) = document().query_selector_all(selector) else { return Self(Vec::new()) };
        Self((0..nodes.length()).filter_map(|at| Field::of(nodes.get(at)?)?.typed()).collect())
    }

    /// Writes it back, as if it were typed now, over the first values that the program has put there.
    pub fn give_back(self) {
        for (field, text) in self.0 {
            field.write(&text);
        }
    }
}

impl Field {
    fn of(node: web_sys::Node) -> Option<Self> {
        match node.dyn_into() {
            Ok(line) => Some(Self::Line(line)),
            Err(node) => node.dyn_into().ok().map(Self::Lines),
        }
    }

    fn typed(self) -> Option<(Self, String)> {
        let (now, first) = match &self {
            Self::Line(field) => (field.value(), field.default_value()),
            // Not read only where it cannot be set either.
            Self::Lines(field) => (field.value(), field.default_value().ok()?),
        };
        (now != first).then_some((self, now))
    }

    fn write(&self, text: &str) {
        let target: &web_sys::EventTarget = match self {
            Self::Line(field) => {
                field.set_value(text);
                field
            }
            Self::Lines(field) => {
                field.set_value(text);
                field
            }
        };
        let bubbling = EventInit::new();
        bubbling.set_bubbles(true);
        for name in ["input", "change"] {
            // Sending fails only for an event that is on its way already.
            let _ = Event::new_with_event_init_dict(name, &bubbling).map(|event| target.dispatch_event(&event));
        }
    }
}
