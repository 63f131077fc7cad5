//! Regions as the large clouds call them, and where they lie.

/// Regions of the European Union; those of one cloud that are called alike and lie elsewhere are not among them.
const EU: [&str; 36] = [
    "eu-west-1",
    "eu-west-3",
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "europe-west1",
    "europe-west3",
    "europe-west4",
    "europe-west8",
    "europe-west9",
    "europe-west10",
    "europe-west12",
    "europe-north1",
    "europe-north2",
    "europe-central2",
    "europe-southwest1",
    "westeurope",
    "northeurope",
    "germanywestcentral",
    "germanynorth",
    "francecentral",
    "francesouth",
    "swedencentral",
    "swedensouth",
    "italynorth",
    "polandcentral",
    "spaincentral",
    "austriaeast",
    "belgiumcentral",
    "denmarkeast",
    "germany",
    "france",
    "ireland",
    "netherlands",
    "sweden",
];

/// Regions of the United Kingdom, and of Switzerland.
const UK: [&str; 4] = ["eu-west-2", "europe-west2", "uksouth", "ukwest"];
const SWITZERLAND: [&str; 4] = ["eu-central-2", "europe-west6", "switzerlandnorth", "switzerlandwest"];

/// Regions of the United States that do not begin with `us-`.
const US: [&str; 9] = [
    "eastus",
    "eastus2",
    "westus",
    "westus2",
    "westus3",
    "centralus",
    "northcentralus",
    "southcentralus",
    "westcentralus",
];

/// The one of these regions in which a region of a cloud lies.
pub fn lies_in<'a>(region: &str, known: &[&'a str]) -> Option<&'a str> {
    let region = region.to_lowercase();
    let names: &[&str] = if EU.contains(&region.as_str()) {
        &["eu", "eea", "europe"]
    } else if UK.contains(&region.as_str()) {
        &["uk", "gb"]
    } else if SWITZERLAND.contains(&region.as_str()) {
        &["ch", "switzerland"]
    } else if region.starts_with("us-") || US.contains(&region.as_str()) {
        &["us", "usa"]
    } else {
        return None;
    };
    known.iter().copied().find(|known| names.contains(&known.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::lies_in;

    #[test]
    fn a_name_that_begins_with_eu_may_lie_outside_of_it() {
        assert_eq!(lies_in("eu-west-1", &["us", "eu"]), Some("eu"));
        assert_eq!(lies_in("eu-west-2", &["us", "eu"]), None);
        assert_eq!(lies_in("eu-west-2", &["uk", "eu"]), Some("uk"));
        assert_eq!(lies_in("us-east-1", &["us", "eu"]), Some("us"));
        assert_eq!(lies_in("ap-southeast-2", &["us", "eu"]), None);
    }
}
