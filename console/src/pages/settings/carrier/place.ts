import type { Schema } from "@/api/types";

type Carrier = Schema<"Carrier">;

/** Where an organisation's own account is. */
export type Place = "here" | "twilio" | "signalwire" | "other";

export const placeNames: Record<Place, string> = {
  here: "The installation’s",
  twilio: "Twilio",
  signalwire: "SignalWire",
  other: "As it was set by a program",
};

const TWILIO = "https://api.twilio.com/2010-04-01";
const SIGNALWIRE = /^https:\/\/([\w-]+)\.signalwire\.com\/api\/laml\/2010-04-01$/;

export function placeOf({ api_base, dialect }: Pick<Carrier, "api_base" | "dialect">): Place {
  if (!api_base) return "here";
  if (dialect === "twilio" && api_base === TWILIO) return "twilio";
  return dialect === "signalwire" && SIGNALWIRE.test(api_base) ? "signalwire" : "other";
}

/** What can be chosen; what a program has set can only be kept. */
export function placeOptions(was: Pick<Carrier, "api_base" | "dialect">): { value: Place; label: string }[] {
  const places: Place[] = ["here", "twilio", "signalwire"];
  if (placeOf(was) === "other") places.push("other");
  return places.map((value) => ({ value, label: placeNames[value] }));
}

export function spaceOf({ api_base }: Pick<Carrier, "api_base">): string | undefined {
  return api_base?.match(SIGNALWIRE)?.[1];
}

/** The place as the API takes it. */
export function whereabouts(
  place: Place,
  space: string,
  was: Pick<Carrier, "api_base" | "dialect">,
): Pick<Carrier, "api_base" | "dialect"> {
  switch (place) {
    case "here":
      return {};
    case "twilio":
      return { api_base: TWILIO, dialect: "twilio" };
    case "signalwire":
      return { api_base: `https://${space}.signalwire.com/api/laml/2010-04-01`, dialect: "signalwire" };
    case "other":
      return { api_base: was.api_base, dialect: was.dialect };
  }
}
