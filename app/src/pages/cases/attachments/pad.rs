//! Where somebody signs with a finger or a pen.

use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use leptos::{ev::PointerEvent, html, prelude::*};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Pixels of what is signed on.
const WIDTH: u32 = 900;
const HEIGHT: u32 = 360;
const PEN: f64 = 5.0;

/// A field to sign on. `written` says whether anything stands there.
#[component]
pub(super) fn Pad(canvas: NodeRef<html::Canvas>, written: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let down = RwSignal::new(false);
    let clear = move || {
        if let Some(context) = canvas.get_untracked().and_then(|canvas| blank(&canvas)) {
            drop(context);
            written.set(false);
        }
    };
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            drop(blank(&canvas));
        }
    });
    let begin = move |event: PointerEvent| {
        let Some(element) = canvas.get_untracked() else { return };
        event.prevent_default();
        // Without it a line ends where the finger leaves the field.
        let _ = element.set_pointer_capture(event.pointer_id());
        let Some(context) = context(&element) else { return };
        let (x, y) = place(&element, &event);
        context.begin_path();
        context.move_to(x, y);
        // A dot is a sign, too.
        context.line_to(x + 0.1, y);
        context.stroke();
        down.set(true);
        written.set(true);
    };
    let go = move |event: PointerEvent| {
        if !down.get_untracked() {
            return;
        }
        let Some(element) = canvas.get_untracked() else { return };
        let Some(context) = context(&element) else { return };
        let (x, y) = place(&element, &event);
        context.line_to(x, y);
        context.stroke();
    };
    let end = move |_: PointerEvent| down.set(false);
    view! {
        <canvas
            node_ref=canvas
            class="pad"
            width=WIDTH
            height=HEIGHT
            role="img"
            aria-label=move || t_string!(i18n, attachment.pad)
            on:pointerdown=begin
            on:pointermove=go
            on:pointerup=end
            on:pointercancel=end
        ></canvas>
        <p>
            <Button kind=ButtonKind::Tertiary on_press=clear>{t!(i18n, attachment.clear)}</Button>
        </p>
    }
    .into_any()
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let context = crate::field::picture::context(canvas).ok()?;
    context.set_line_width(PEN);
    context.set_line_cap("round");
    context.set_line_join("round");
    context.set_stroke_style_str("#111");
    Some(context)
}

/// White, whatever the colours of the page: a signature is dark on white.
fn blank(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let context = context(canvas)?;
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height()));
    Some(context)
}

/// Where on the canvas, which is shown larger or smaller than it is.
fn place(canvas: &HtmlCanvasElement, event: &PointerEvent) -> (f64, f64) {
    let rect = canvas.get_bounding_client_rect();
    let x = (f64::from(event.client_x()) - rect.left()) * f64::from(canvas.width()) / rect.width().max(1.0);
    let y = (f64::from(event.client_y()) - rect.top()) * f64::from(canvas.height()) / rect.height().max(1.0);
    (x, y)
}
