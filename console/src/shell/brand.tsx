/** The name of the product, with its mark. */
export function Brand() {
  return (
    <span className="flex items-center gap-2 text-base font-semibold tracking-tight">
      <img src="/icon.svg" alt="" width={20} height={20} />
      Warmline
    </span>
  );
}
