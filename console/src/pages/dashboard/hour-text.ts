/** "09:00": when an hour of the day begins. */
export function hourText(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}
