/** A number as people read it: "+1 415 555 0123"; other countries' in groups. E.164 in, anything else is left alone. */
export function phoneText(phone: string): string {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  if (american) return `+1 ${american[1]} ${american[2]} ${american[3]}`;
  if (!/^\+\d{6,15}$/.test(phone)) return phone;
  return `${phone.slice(0, 3)} ${phone.slice(3).replace(/(\d{3})(?=\d{2})/g, "$1 ")}`.trim();
}
