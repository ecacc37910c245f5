//! What happened and what to do next, for every error.

use super::{I18n, field_label};
use crate::i18n::td_string;
use domain::{ApiError, Invalid, Rule};

/// The error in a sentence or two.
#[must_use]
pub fn error_text(i18n: I18n, error: &ApiError) -> String {
    let locale = i18n.get_locale();
    match error {
        ApiError::Unauthenticated => td_string!(locale, errors.unauthenticated).to_owned(),
        ApiError::SecondFactorRequired => td_string!(locale, errors.second_factor_required).to_owned(),
        ApiError::PasswordChangeRequired => td_string!(locale, errors.password_change_required).to_owned(),
        ApiError::SignInFailed => td_string!(locale, errors.sign_in_failed).to_owned(),
        ApiError::DeviceRevoked => td_string!(locale, errors.device_revoked).to_owned(),
        ApiError::Locked { seconds } => td_string!(locale, errors.locked, seconds = *seconds).to_string(),
        ApiError::Forbidden => td_string!(locale, errors.forbidden).to_owned(),
        ApiError::NotFound => td_string!(locale, errors.not_found).to_owned(),
        ApiError::Invalid { field, reason } => {
            let (field, reason) = (field_label(i18n, field), invalid_text(i18n, *reason));
            td_string!(locale, errors.field_error, field = field, reason = reason).to_string()
        }
        ApiError::Conflict { .. } => td_string!(locale, errors.conflict).to_owned(),
        ApiError::NotNow { rule } => rule_text(i18n, *rule).to_owned(),
        ApiError::TooMany { seconds } => td_string!(locale, errors.too_many, seconds = *seconds).to_string(),
        ApiError::TooLarge => td_string!(locale, errors.too_large).to_owned(),
        ApiError::NoRoom => td_string!(locale, errors.no_room).to_owned(),
        ApiError::BadRequest => td_string!(locale, errors.bad_request).to_owned(),
        ApiError::WrongOrigin => td_string!(locale, errors.wrong_origin).to_owned(),
        ApiError::Unavailable => td_string!(locale, errors.unavailable).to_owned(),
        ApiError::Internal => td_string!(locale, errors.internal).to_owned(),
    }
}

/// What is wrong with a field, without its name.
#[must_use]
pub fn invalid_text(i18n: I18n, reason: Invalid) -> &'static str {
    let locale = i18n.get_locale();
    match reason {
        Invalid::Missing => td_string!(locale, errors.invalid.missing),
        Invalid::TooLong => td_string!(locale, errors.invalid.too_long),
        Invalid::TooShort => td_string!(locale, errors.invalid.too_short),
        Invalid::ResidentNumber => td_string!(locale, errors.invalid.resident_number),
        Invalid::Phone => td_string!(locale, errors.invalid.phone),
        Invalid::BirthYear => td_string!(locale, errors.invalid.birth_year),
        Invalid::UnknownDong => td_string!(locale, errors.invalid.unknown_dong),
        Invalid::UnknownCode => td_string!(locale, errors.invalid.unknown_code),
        Invalid::UnknownUser => td_string!(locale, errors.invalid.unknown_user),
        Invalid::UnknownTeam => td_string!(locale, errors.invalid.unknown_team),
        Invalid::Order => td_string!(locale, errors.invalid.order),
        Invalid::Range => td_string!(locale, errors.invalid.range),
        Invalid::Taken => td_string!(locale, errors.invalid.taken),
        Invalid::WeakPassword => td_string!(locale, errors.invalid.weak_password),
        Invalid::Form => td_string!(locale, errors.invalid.form),
        Invalid::EasyPin => td_string!(locale, errors.invalid.easy_pin),
        Invalid::Differs => td_string!(locale, errors.invalid.differs),
        Invalid::NoPicture => td_string!(locale, errors.invalid.no_picture),
        Invalid::Metadata => td_string!(locale, errors.invalid.metadata),
    }
}

/// Why a step is not possible now.
#[must_use]
pub fn rule_text(i18n: I18n, rule: Rule) -> &'static str {
    let locale = i18n.get_locale();
    match rule {
        Rule::CaseClosed => td_string!(locale, errors.rule.case_closed),
        Rule::CaseOpen => td_string!(locale, errors.rule.case_open),
        Rule::VisitDone => td_string!(locale, errors.rule.visit_done),
        Rule::VisitAhead => td_string!(locale, errors.rule.visit_ahead),
        Rule::StepMissing => td_string!(locale, errors.rule.step_missing),
        Rule::NoTransfer => td_string!(locale, errors.rule.no_transfer),
        Rule::AssignmentBegun => td_string!(locale, errors.rule.assignment_begun),
        Rule::TransferPending => td_string!(locale, errors.rule.transfer_pending),
        Rule::Triaged => td_string!(locale, errors.rule.triaged),
        Rule::LinkDecided => td_string!(locale, errors.rule.link_decided),
        Rule::LastAdministrator => td_string!(locale, errors.rule.last_administrator),
        Rule::OwnAccount => td_string!(locale, errors.rule.own_account),
        Rule::SecondWorker => td_string!(locale, errors.rule.second_worker),
        Rule::SecondFactorOn => td_string!(locale, errors.rule.second_factor_on),
        Rule::TooFewAttempts => td_string!(locale, errors.rule.too_few_attempts),
        Rule::ReviewDone => td_string!(locale, errors.rule.review_done),
        Rule::ClosurePending => td_string!(locale, errors.rule.closure_pending),
        Rule::NoClosureRequest => td_string!(locale, errors.rule.no_closure_request),
        Rule::StepAhead => td_string!(locale, errors.rule.step_ahead),
        Rule::StepOrder => td_string!(locale, errors.rule.step_order),
        Rule::KeptDecided => td_string!(locale, errors.rule.kept_decided),
        Rule::KeptDeclined => td_string!(locale, errors.rule.kept_declined),
        Rule::KeptFull => td_string!(locale, errors.rule.kept_full),
        Rule::OpIdReused => td_string!(locale, errors.rule.op_id_reused),
    }
}
