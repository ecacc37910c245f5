//! Shared widgets. Each is in a file of its own; `docs/ui.md` shows how a page uses them.

pub mod address;
pub mod badge;
pub mod banner;
pub mod button;
pub mod clock_chip;
pub mod conflict;
pub mod copy;
pub mod devices;
pub mod dialog;
pub mod empty;
#[cfg(feature = "hydrate")]
pub mod focus;
pub mod form;
pub mod frame;
pub mod icon;
mod icon_paths;
pub mod idle;
pub mod live;
pub mod loaded;
pub mod meter;
pub mod now;
pub mod page;
pub mod pager;
pub mod permitted;
pub mod person_search;
pub mod said;
pub mod signs;
pub mod skeleton;
pub mod table;
pub mod tabs;
pub mod text;
pub mod timeline;
pub mod toast;
pub mod write;

/// What almost every page uses: `use crate::components::prelude::*;`.
pub mod prelude {
    pub use super::{
        address::{address, sort_by},
        badge::{Badge, StageBadge, UrgencyBadge, VisitBadge},
        banner::{Banner, Tone},
        button::{Button, ButtonKind, IconButton, LinkButton},
        clock_chip::ClockChip,
        conflict::{Chosen, ConflictChooser, EditOrChoose, settle},
        dialog::Dialog,
        empty::EmptyState,
        form::{
            CheckboxField, Choice, CommandForm, DateField, FieldScope, FormErrors, RadioChips, SelectField, TextAreaField,
            TextField, TimeField, choices_of, field_id,
        },
        icon::{Icon, IconName},
        live::use_live,
        loaded::{LoadFailed, Loaded, LoadedInPlace, settled},
        meter::{Meter, Progress},
        now::{use_now, use_today},
        page::{Crumb, PageHead},
        pager::Pager,
        permitted::Permitted,
        said::Said,
        skeleton::Skeleton,
        table::{Cell, HeadCell, Row, Sort, Table},
        tabs::{Tab, Tabs},
        text::{self, I18n, Label, PhoneLink, error_text},
        timeline::{Timeline, TimelineDay, TimelineItem},
        toast::use_toaster,
        write::use_write,
    };
}
