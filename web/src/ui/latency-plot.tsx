import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { latency } from "../lib/format.ts";
import { clockSeconds, clockTime, date, dayTime, toMs } from "../lib/time.ts";
import type { Series } from "../lib/types.ts";
import type { ChartMark, LatencyChartProps } from "./latency-chart.tsx";
import { PHASES } from "./waterfall.tsx";

const NO_MARKS: readonly ChartMark[] = [];
const DAY_S = 86_400;
const css = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The canvas of LatencyChart; drawn again when the data, the width or the theme changes. */
export function LatencyPlot({
  series: given,
  mode,
  marks = NO_MARKS,
  height = 220,
  onZoom,
}: LatencyChartProps) {
  const series = useMemo(() => ({ ...given, points: withGaps(given) }), [given]);
  const host = useRef<HTMLDivElement>(null);
  const zoom = useRef(onZoom);
  zoom.current = onZoom;
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    let plot: uPlot | undefined;
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(
        options({
          series,
          mode,
          marks,
          height,
          width: element.clientWidth,
          zoom: (range) => zoom.current?.(range),
        }),
        dataOf(series, mode),
        element,
      );
    };
    draw();
    const resized = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      plot?.destroy();
    };
  }, [series, mode, marks, height]);
  // biome-ignore lint/a11y/noStaticElementInteractions: leaving the zoom with the pointer; the ranges above do it by keyboard
  return <div ref={host} onDoubleClick={() => onZoom?.(null)} className="relative size-full" />;
}

type Row = (number | null)[];

/** The points with an empty one where checks were missing, so that no line is drawn across the hole. */
function withGaps(series: Series): Series["points"] {
  const limit = Math.max(series.step_ms, usualDistance(series.points)) * 2.5;
  return series.points.flatMap((point, at) => {
    const before = series.points[at - 1];
    const isGap = before !== undefined && toMs(point.at) - toMs(before.at) > limit;
    return isGap
      ? [{ ...NOTHING, at: new Date(toMs(before.at) + series.step_ms).toISOString() }, point]
      : [point];
  });
}

/** How far apart points usually are, in ms: a monitor may be checked more seldom than the chart has steps. */
function usualDistance(points: Series["points"]): number {
  const distances = points.slice(1).map((point, at) => toMs(point.at) - toMs(points[at]!.at));
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
}

const NOTHING = {
  ...{
    p50: null,
    p95: null,
    dns: null,
    connect: null,
    tls: null,
    first_byte: null,
    transfer: null,
    total: null,
  },
  ...{ up: 0, degraded: 0, down: 0, unknown: 0 },
};

/** uPlot's columns: times in seconds, then each series. Phases are summed upwards so that they stack. */
function dataOf(series: Series, mode: "total" | "phases"): uPlot.AlignedData {
  const times = series.points.map((point) => toMs(point.at) / 1000);
  if (mode === "total")
    return [times, series.points.map((point) => point.p95), series.points.map((point) => point.p50)];
  const stacks: Row[] = [];
  for (const [index, phase] of PHASES.entries()) {
    const below = stacks[index - 1];
    stacks.push(
      series.points.map((point, at) =>
        point.total === null ? null : (below?.[at] ?? 0) + (point[phase.key] ?? 0),
      ),
    );
  }
  // The tallest first: each later, lower one is painted over it.
  return [times, ...stacks.reverse()] as uPlot.AlignedData;
}

interface Drawing {
  series: Series;
  mode: "total" | "phases";
  marks: NonNullable<LatencyChartProps["marks"]>;
  height: number;
  width: number;
  zoom: NonNullable<LatencyChartProps["onZoom"]>;
}

function options(drawing: Drawing): uPlot.Options {
  const { series, mode, height, width, zoom } = drawing;
  const from = toMs(series.from) / 1000;
  const to = toMs(series.to) / 1000;
  const axis = { stroke: css("--faint"), font: "12px Inter Variable", ticks: { show: false } };
  const grid = { stroke: css("--line"), width: 1 };
  return {
    width,
    height,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: true, range: [from, to] },
      y: { range: (_plot, _min, max) => [0, (max || 1) * 1.12] },
    },
    axes: [
      {
        ...axis,
        size: 28,
        space: 72,
        grid: { show: false },
        values: (_plot, ticks) => ticks.map((tick) => tickWords(tick, to - from)),
      },
      {
        ...axis,
        size: 60,
        space: 40,
        grid,
        values: (_plot, ticks) => ticks.map((tick) => (tick === 0 ? "0" : latency(tick))),
      },
    ],
    cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false, setScale: false } },
    series: [{}, ...(mode === "total" ? totalLines(series.points.length < 12) : phaseAreas())],
    hooks: {
      drawClear: [(plot) => drawOutages(plot, series)],
      draw: [(plot) => drawMarks(plot, drawing.marks)],
      setSelect: [
        (plot) => {
          if (plot.select.width < 6) return;
          const left = plot.posToVal(plot.select.left, "x");
          const right = plot.posToVal(plot.select.left + plot.select.width, "x");
          zoom({ from: left * 1000, to: right * 1000 });
        },
      ],
    },
    plugins: [readout(series, mode)],
  };
}

const tickWords = (seconds: number, span: number): string => {
  const ms = seconds * 1000;
  if (span <= 600) return clockSeconds(ms);
  if (span <= 1.5 * DAY_S) return clockTime(ms);
  return span <= 8 * DAY_S ? dayTime(ms, ms) : date(ms, ms);
};

/** Few points are drawn as points too: a line needs two. */
const totalLines = (sparse: boolean): uPlot.Series[] => [
  { label: "95th percentile", stroke: css("--phase-2"), width: 1.5, points: { show: sparse, size: 5 } },
  { label: "Median", stroke: css("--phase-4"), width: 2, points: { show: sparse, size: 6 } },
];

const phaseAreas = (): uPlot.Series[] =>
  [...PHASES].reverse().map((phase) => ({
    label: phase.label,
    stroke: css(phase.color),
    fill: css(phase.color),
    width: 0,
    points: { show: false },
  }));

/** Shades the stretches in which the monitor was down, with an edge on each side. */
function drawOutages(plot: uPlot, series: Series): void {
  const { ctx, bbox } = plot;
  for (const [start, end] of outages(series)) {
    const left = Math.max(bbox.left, plot.valToPos(start, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(end, "x", true));
    if (right < bbox.left || left > bbox.left + bbox.width) continue;
    ctx.fillStyle = css("--down-soft");
    ctx.fillRect(left, bbox.top, Math.max(right - left, 2), bbox.height);
    ctx.fillStyle = css("--down-bar");
    ctx.fillRect(left, bbox.top, Math.max(right - left, 2), 3 * devicePixelRatio);
  }
}

/** The stretches of "down", in seconds, from what changed when. */
export function outages(series: Series): [number, number][] {
  const spans: [number, number][] = [];
  const first = series.transitions[0];
  let since: number | null = first?.from === "down" ? toMs(series.from) / 1000 : null;
  for (const transition of series.transitions) {
    const at = toMs(transition.at) / 1000;
    if (transition.to === "down") since ??= at;
    else if (since !== null) {
      spans.push([since, at]);
      since = null;
    }
  }
  if (since !== null) spans.push([since, toMs(series.to) / 1000]);
  return spans;
}

function drawMarks(plot: uPlot, marks: Drawing["marks"]): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = css("--text");
  ctx.fillStyle = css("--text");
  ctx.font = `${11 * devicePixelRatio}px Inter Variable`;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(toMs(mark.at) / 1000, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const room = bbox.left + bbox.width - x;
    ctx.textAlign = room < 80 * devicePixelRatio ? "right" : "left";
    ctx.fillText(
      mark.label,
      x + (ctx.textAlign === "left" ? 5 : -5) * devicePixelRatio,
      bbox.top + 14 * devicePixelRatio,
    );
  }
  ctx.restore();
}

/** The figures under the cursor, in a small box that stays inside the chart. */
function readout(series: Series, mode: "total" | "phases"): uPlot.Plugin {
  const box = document.createElement("div");
  box.className =
    "pointer-events-none absolute top-1 z-10 rounded-md border border-line bg-raised px-2.5 py-1.5 text-xs leading-5 whitespace-pre shadow-float num";
  box.hidden = true;
  return {
    hooks: {
      init: [(plot) => plot.over.appendChild(box)],
      setCursor: [
        (plot) => {
          const point = plot.cursor.idx == null ? undefined : series.points[plot.cursor.idx];
          const left = plot.cursor.left ?? -1;
          box.hidden = point === undefined || left < 0;
          if (point === undefined) return;
          box.textContent = readoutText(point, mode);
          const onRight = left > plot.over.clientWidth / 2;
          box.style.left = onRight ? "" : `${left + 12}px`;
          box.style.right = onRight ? `${plot.over.clientWidth - left + 12}px` : "";
        },
      ],
    },
  };
}

function readoutText(point: Series["points"][number], mode: "total" | "phases"): string {
  const ms = toMs(point.at);
  const lines = [dayTime(ms, ms)];
  if (mode === "total") lines.push(`Median  ${latency(point.p50)}`, `95th  ${latency(point.p95)}`);
  else
    for (const phase of PHASES)
      if (point[phase.key] !== null) lines.push(`${phase.label}  ${latency(point[phase.key])}`);
  if (point.down > 0) lines.push(`${point.down} failed`);
  return lines.join("\n");
}
