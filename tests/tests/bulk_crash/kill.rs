//! Where a process is killed.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Points of a process that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Points {
    /// The clock is read: that is so right before each record of the ledger is written, among others.
    Clock,
    /// A step of the ledger is on disk.
    Step,
    /// A call is about to be sent.
    Send,
    /// A call was executed, and its answer is there.
    Answer,
    /// A chunk of an answer came.
    Chunk,
}

/// Where a process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kill {
    Never,
    /// At the nth of these points, counted from 1.
    At(Points, u32),
    /// So long after its start.
    After(Duration),
}

impl Points {
    pub(crate) const ALL: [Self; 5] = [Self::Clock, Self::Step, Self::Send, Self::Answer, Self::Chunk];

    const fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Step => "step",
            Self::Send => "send",
            Self::Answer => "answer",
            Self::Chunk => "chunk",
        }
    }
}

impl fmt::Display for Kill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::At(points, nth) => write!(f, "{}:{nth}", points.name()),
            Self::After(time) => write!(f, "after:{}", time.as_micros()),
        }
    }
}

impl FromStr for Kill {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "never" {
            return Ok(Self::Never);
        }
        let (name, number) = text.split_once(':').ok_or(())?;
        if name == "after" {
            return Ok(Self::After(Duration::from_micros(number.parse().map_err(drop)?)));
        }
        let points = Points::ALL.into_iter().find(|points| points.name() == name).ok_or(())?;
        Ok(Self::At(points, number.parse().map_err(drop)?))
    }
}

/// Numbers drawn from a seed: SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    /// A point within the reach of a process that is killed often: most come far enough to take some steps.
    pub(crate) fn kill(&mut self) -> Kill {
        let nth = |random: &mut Self, bound| u32::try_from(random.below(bound)).unwrap_or(0) + 1;
        match self.below(6) {
            0 => Kill::At(Points::Clock, nth(self, 400)),
            1 => Kill::At(Points::Step, nth(self, 30)),
            2 => Kill::At(Points::Send, nth(self, 40)),
            3 => Kill::At(Points::Answer, nth(self, 40)),
            4 => Kill::At(Points::Chunk, nth(self, 60)),
            _ => Kill::After(Duration::from_micros(self.below(400_000))),
        }
    }
}
