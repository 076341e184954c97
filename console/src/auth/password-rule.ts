/** What the API asks of a password. */
export const passwordRule = { minLength: 10, maxLength: 200 } as const;

export const passwordHint = "At least 10 characters. A few words in a row are good.";
