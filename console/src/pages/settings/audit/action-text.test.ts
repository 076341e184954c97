import { expect, test } from "vitest";
import { actionText } from "./action-text";

test.each([
  ["login", "Login"],
  ["update_campaign", "Update campaign"],
  ["create_api_key", "Create API key"],
  ["remove_dnc", "Remove do-not-call entry"],
])("%s reads %s", (action, text) => expect(actionText(action)).toBe(text));
