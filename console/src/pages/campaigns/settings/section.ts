import type { FormErrors } from "./check";
import type { CampaignForm } from "./form";

/** What every part of the settings is given. */
export interface Section {
  form: CampaignForm;
  set: (part: Partial<CampaignForm>) => void;
  errors: FormErrors;
}
