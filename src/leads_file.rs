//! `warmline import`: a file of leads into a campaign, with a report.
