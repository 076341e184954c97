/** What can be told of a number without knowing every country's numbering. */
export type PhoneCheck =
  | { isFine: true /** As it will be dialed, where that can be told here. */; e164?: string }
  | { isFine: false; reason: string };

const NORTH_AMERICA = new Set(["US", "CA", "PR", "DO", "JM", "BS", "TT", "BB"]);
const wrong = (reason: string): PhoneCheck => ({ isFine: false, reason });

/** Whether a text looks like a number that can be called; without a plus it is one of `country`. */
export function checkPhone(text: string, country: string): PhoneCheck {
  const written = text.trim().replace(/^'/, "").replace(/^tel:/i, "").trim();
  if (written === "") return wrong("The number is missing");
  if (/^\d[\d.,]*e\+?\d+$/i.test(written)) {
    return wrong("A spreadsheet rounded it: format the column as text and export again");
  }
  if (/\d\s*(x|ext\.?|#)\s*\d+$/i.test(written)) return wrong("Extensions cannot be dialed");
  if (!/^[+(（[\d][\d\s().\-–/[\]]*$/.test(written)) return wrong("This is no phone number");

  const digits = written.replace(/\D/g, "");
  const isAmerican = NORTH_AMERICA.has(country.toUpperCase());
  if (written.startsWith("+")) return international(digits);
  if (isAmerican && digits.startsWith("011")) return international(digits.slice(3));
  if (!isAmerican && digits.startsWith("00")) return international(digits.slice(2));
  if (isAmerican) return american(digits.length === 11 && digits.startsWith("1") ? digits.slice(1) : digits);
  if (digits.length < 6) return wrong("The number is too short");
  return digits.length > 14 ? wrong("The number is too long") : { isFine: true };
}

function international(digits: string): PhoneCheck {
  if (digits.startsWith("1")) return american(digits.slice(1));
  if (digits.startsWith("0") || digits.length < 7) return wrong("The number is too short");
  return digits.length > 15 ? wrong("The number is too long") : { isFine: true, e164: `+${digits}` };
}

function american(national: string): PhoneCheck {
  if (national.length < 10) return wrong("The number is too short: it takes 10 digits, with the area code");
  if (national.length > 10)
    return wrong("The number is too long: write a plus before other countries' codes");
  if (national.startsWith("900")) return wrong("Premium-rate numbers are not called");
  if (!/^[2-9]\d{2}[2-9]\d{6}$/.test(national)) return wrong("No area code or exchange begins like this");
  return { isFine: true, e164: `+1${national}` };
}
