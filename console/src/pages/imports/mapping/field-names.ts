/** What a column of a file may mean, the field that matters most first. */
export const FIELDS = [
  "phone",
  "first_name",
  "last_name",
  "email",
  "country",
  "type",
  "priority",
  "do_not_call",
  "notes",
  "time_zone",
] as const;

export type Field = (typeof FIELDS)[number];

export const fieldLabels: Record<Field, string> = {
  phone: "Phone",
  first_name: "First name",
  last_name: "Last name",
  email: "Email",
  country: "Country",
  type: "Type",
  priority: "Priority",
  do_not_call: "Do not call",
  notes: "Notes",
  time_zone: "Time zone",
};

/** Names of columns without blanks and the like, the surest first: the server's, then some of other languages. */
const NAMES: Record<Field, readonly string[]> = {
  phone: [
    "phone",
    "phonenumber",
    "mobile",
    "mobilephone",
    "mobilenumber",
    "cell",
    "cellphone",
    "cellphonenumber",
    "telephone",
    "telephonenumber",
    "tel",
    "phoneno",
    "mobileno",
    "contactnumber",
    "primaryphone",
    "workphone",
    "homephone",
    "businessphone",
    "msisdn",
    "telefon",
    "telefonnummer",
    "handy",
    "telefono",
    "teléfono",
    "celular",
    "telefone",
    "téléphone",
  ],
  first_name: [
    "firstname",
    "first",
    "givenname",
    "forename",
    "fname",
    "name",
    "fullname",
    "contactname",
    "contact",
    "vorname",
    "nombre",
    "prénom",
  ],
  last_name: ["lastname", "last", "surname", "familyname", "lname", "nachname", "apellido", "apellidos"],
  email: ["email", "emailaddress", "mail", "correo"],
  country: ["country", "countrycode", "countryiso", "isocountry"],
  type: ["type", "kind", "leadtype"],
  priority: ["priority", "urgency"],
  do_not_call: ["donotcall", "dnc", "donotcontact", "dontcall", "optout"],
  notes: ["notes", "note", "comments", "comment", "remarks"],
  time_zone: ["timezone", "tz"],
};

/** A name without anything but letters and digits, in small letters: `First Name` is `first_name`. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** How surely a column has this field by its name: 0 for the surest, undefined when it does not. */
export function nameRank(column: string, field: Field): number | undefined {
  const rank = NAMES[field].indexOf(plain(column));
  return rank === -1 ? undefined : rank;
}

/** The field that a column's name stands for. */
export function fieldNamed(column: string): Field | undefined {
  return FIELDS.find((field) => nameRank(column, field) !== undefined);
}
