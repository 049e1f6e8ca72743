//! Parquet: rows become row groups of bounded size, typed by the schema.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, SchemaRef, TimeUnit};
use jiff::civil;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::cell::Cell;
use super::error::WriteError;
use super::table::{MISFITS, Rows, STARTED_AT, Target};
use crate::bulk::Kind;

/// Rows and bytes of a batch: what is handed to the encoders at once.
const BATCH_ROWS: usize = 4_096;
const BATCH_BYTES: usize = 1 << 20;

/// Rows and bytes in memory of a row group. It is whole in memory until it is written.
const GROUP_ROWS: usize = 1 << 20;
const GROUP_BYTES: usize = 12 << 20;

/// The key under which a file of activities says what their types have in `attributes`, in JSON.
const ACTIVITY_TYPES: &str = "activityTypes";

const UTC: &str = "UTC";

/// Writes rows as Parquet.
pub(super) struct ParquetRows {
    path: PathBuf,
    writer: ArrowWriter<BufWriter<File>>,
    schema: SchemaRef,
    columns: Vec<Builder>,
    started_at: Option<i64>,
    started: TimestampMicrosecondBuilder,
    misfits: StringBuilder,
    rows: usize,
    bytes: usize,
}

/// The values of a column that wait for their batch.
enum Builder {
    Text(StringBuilder),
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Date(Date32Builder),
    Moment(TimestampMicrosecondBuilder),
}

impl ParquetRows {
    pub(super) fn new(target: Target<'_>) -> Result<Self, WriteError> {
        let columns = &target.schema.columns;
        let moment = DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into()));
        let mut fields: Vec<_> =
            columns.iter().map(|column| Field::new(&column.name, data_type(column.kind), true)).collect();
        fields.push(Field::new(STARTED_AT, moment, true));
        fields.push(Field::new(MISFITS, DataType::Utf8, true));
        let schema = SchemaRef::new(arrow_schema::Schema::new(fields));
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS));
        if !target.schema.activity_types.is_empty() {
            let types = serde_json::to_string(&target.schema.activity_types).ok();
            properties = properties.set_key_value_metadata(Some(vec![KeyValue::new(ACTIVITY_TYPES.to_owned(), types)]));
        }
        let file = BufWriter::with_capacity(1 << 16, target.file);
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties.build()))
            .map_err(|error| failed(target.path, &error))?;
        Ok(Self {
            path: target.path.to_owned(),
            writer,
            schema,
            columns: columns.iter().map(|column| Builder::new(column.kind)).collect(),
            started_at: target.started_at.map(jiff::Timestamp::as_microsecond),
            started: TimestampMicrosecondBuilder::new().with_timezone(UTC),
            misfits: StringBuilder::new(),
            rows: 0,
            bytes: 0,
        })
    }

    /// Hands the rows that wait to the encoders, and writes the row group once it is large enough.
    fn batch(&mut self) -> Result<(), WriteError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut arrays: Vec<ArrayRef> = self.columns.iter_mut().map(Builder::finish).collect();
        arrays.push(Arc::new(self.started.finish()));
        arrays.push(Arc::new(self.misfits.finish()));
        (self.rows, self.bytes) = (0, 0);
        let batch = RecordBatch::try_new(self.schema.clone(), arrays).map_err(ParquetError::from);
        let written = batch.and_then(|batch| {
            self.writer.write(&batch)?;
            if self.writer.memory_size() >= GROUP_BYTES { self.writer.flush() } else { Ok(()) }
        });
        written.map_err(|error| failed(&self.path, &error))
    }
}

impl Rows for ParquetRows {
    fn cell(&mut self, column: usize, cell: Cell<'_>) {
        if let Some(builder) = self.columns.get_mut(column) {
            self.bytes += builder.push(cell);
        }
    }

    fn end_row(&mut self, misfits: Option<&str>) -> Result<(), WriteError> {
        self.started.append_option(self.started_at);
        self.misfits.append_option(misfits);
        self.bytes += misfits.map_or(0, str::len);
        self.rows += 1;
        if self.rows >= BATCH_ROWS || self.bytes >= BATCH_BYTES { self.batch() } else { Ok(()) }
    }

    fn finish(mut self) -> Result<File, WriteError> {
        self.batch()?;
        let file = self.writer.into_inner().map_err(|error| failed(&self.path, &error))?;
        file.into_inner().map_err(|error| WriteError::io(&self.path, "write")(error.into_error()))
    }
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text | Kind::Json => Self::Text(StringBuilder::new()),
            Kind::Boolean => Self::Boolean(BooleanBuilder::new()),
            Kind::Integer => Self::Integer(Int64Builder::new()),
            Kind::Float => Self::Float(Float64Builder::new()),
            Kind::Date => Self::Date(Date32Builder::new()),
            Kind::DateTime => Self::Moment(TimestampMicrosecondBuilder::new().with_timezone(UTC)),
        }
    }

    /// Appends a value, which is of the column's type or null. How many bytes it takes.
    fn push(&mut self, cell: Cell<'_>) -> usize {
        match (self, cell) {
            (Self::Text(to), Cell::Text(value) | Cell::Json(value)) => {
                to.append_value(value);
                return value.len();
            }
            (Self::Boolean(to), Cell::Boolean(value)) => to.append_value(value),
            (Self::Integer(to), Cell::Integer(value)) => to.append_value(value),
            (Self::Float(to), Cell::Float(value)) => to.append_value(value),
            (Self::Date(to), Cell::Date(value)) => to.append_value(days(value)),
            (Self::Moment(to), Cell::Moment(value)) => to.append_value(value.as_microsecond()),
            (Self::Text(to), _) => to.append_null(),
            (Self::Boolean(to), _) => to.append_null(),
            (Self::Integer(to), _) => to.append_null(),
            (Self::Float(to), _) => to.append_null(),
            (Self::Date(to), _) => to.append_null(),
            (Self::Moment(to), _) => to.append_null(),
        }
        size_of::<i64>()
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => ArrayBuilder::finish(builder),
            Self::Boolean(builder) => ArrayBuilder::finish(builder),
            Self::Integer(builder) => ArrayBuilder::finish(builder),
            Self::Float(builder) => ArrayBuilder::finish(builder),
            Self::Date(builder) => ArrayBuilder::finish(builder),
            Self::Moment(builder) => ArrayBuilder::finish(builder),
        }
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text | Kind::Json => DataType::Utf8,
        Kind::Boolean => DataType::Boolean,
        Kind::Integer => DataType::Int64,
        Kind::Float => DataType::Float64,
        Kind::Date => DataType::Date32,
        Kind::DateTime => DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())),
    }
}

/// The days from 1970-01-01.
fn days(date: civil::Date) -> i32 {
    let hours = date.duration_since(civil::date(1970, 1, 1)).as_hours();
    // The calendar ends with the year 9999: there are fewer days than an `i32` has values.
    i32::try_from(hours / 24).unwrap_or_default()
}

fn failed(path: &Path, error: &ParquetError) -> WriteError {
    WriteError::Parquet { path: path.to_owned(), message: error.to_string() }
}
