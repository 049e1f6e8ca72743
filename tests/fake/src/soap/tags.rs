//! `getTags` and `getChannels`.

use generated::v3_1::operations::{GetChannels, GetTags};
use generated::v3_1::{
    ArrayOfString, ParamsGetChannels, ParamsGetTags, ResultGetChannels, ResultGetTags, SuccessGetChannels,
    SuccessGetTags, Tag, TagStatus,
};

use super::Call;
use super::fault::Refusal;
use super::operations::Execute;

impl Execute for GetTags {
    fn execute(call: &mut Call<'_>, request: ParamsGetTags) -> Result<SuccessGetTags, Refusal> {
        let wanted = request.tag_list.unwrap_or_default();
        let mut tags = Vec::new();
        for tag in call.store.tags() {
            if wanted.is_empty() {
                tags.push(tag.clone());
            } else if let Some(wanted) =
                wanted.iter().find(|wanted| wanted.r#type.is_none() || wanted.r#type == tag.r#type)
            {
                tags.push(only(tag, wanted));
            }
        }
        Ok(SuccessGetTags::new(ResultGetTags::new(tags)))
    }
}

impl Execute for GetChannels {
    fn execute(call: &mut Call<'_>, request: ParamsGetChannels) -> Result<SuccessGetChannels, Refusal> {
        let wanted = request.tag.unwrap_or_default();
        let found = call.store.channels().iter().filter(|(type_, channel)| {
            wanted.r#type.as_ref().is_none_or(|wanted| wanted == type_) && is_value(&wanted, &channel.tag_value)
        });
        let channels: Vec<TagStatus> = found.map(|(_, channel)| channel.clone()).collect();
        Ok(SuccessGetChannels::new(ResultGetChannels::new(channels)))
    }
}

fn is_value(wanted: &Tag, value: &str) -> bool {
    let values = wanted.values.as_deref().unwrap_or_default();
    values.is_empty() || values.iter().any(|wanted| wanted == value)
}

/// A tag with the values that are wanted.
fn only(tag: &Tag, wanted: &Tag) -> Tag {
    let values = tag.values.as_deref().map(|values| values.iter().filter(|value| is_value(wanted, value)).cloned());
    Tag { r#type: tag.r#type.clone(), values: values.map(Iterator::collect::<ArrayOfString>) }
}
