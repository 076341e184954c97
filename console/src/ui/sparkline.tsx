interface SparklineProps {
  values: readonly number[];
  /** What the line shows, in words: "Calls per hour, rising". */
  label: string;
  width?: number;
  height?: number;
}

export function Sparkline({ values, label, width = 80, height = 24 }: SparklineProps) {
  if (values.length < 2) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = width / (values.length - 1);
  const points = values.map((value, index) => {
    const y = high === low ? height / 2 : height - 1 - ((value - low) / (high - low)) * (height - 2);
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg role="img" aria-label={label} width={width} height={height} className="shrink-0 text-accent-text">
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
