import type uPlot from "uplot";
import type { HourSeries } from "./figures";

/** What a chart needs beside its numbers. */
export interface ChartSettings {
  width: number;
  height: number;
  label: string;
  /** Empty: there is no line of a week before. */
  labelBefore: string;
  language: string;
}

interface Colours {
  ink: string;
  edge: string;
  line: string;
  font: string;
}

const LETTER = 7.5;

/** The two lines as uPlot takes them: x is the place in the day. */
export function dataOf(series: HourSeries, hasBefore: boolean): uPlot.AlignedData {
  const x = series.hours.map((_, index) => index);
  return hasBefore ? [x, series.today, series.before] : [x, series.today];
}

/** Today in ink, last week dashed in the edge's grey; each is named where it ends, and there is no legend to look up. */
export function optionsOf(series: HourSeries, settings: ChartSettings, colours: Colours): uPlot.Options {
  const { width, height, label, labelBefore, language } = settings;
  const compact = new Intl.NumberFormat(language === "en" ? "en-GB" : "es-AR", {
    notation: "compact",
    maximumFractionDigits: 1,
  });
  const axis = {
    stroke: colours.ink,
    font: colours.font,
    ticks: { show: false },
    grid: { stroke: colours.line, width: 1 },
  };
  return {
    width,
    height,
    padding: [12, 16 + LETTER * Math.max(label.length, labelBefore.length), 0, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, Math.max(max, 100) * 1.08] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        incrs: [1, 2, 3, 4, 6],
        space: 44,
        values: (_plot, splits) => splits.map((at) => `${series.hours[at] ?? ""}`),
      },
      {
        ...axis,
        size: 64,
        space: 44,
        values: (_plot, splits) => splits.map((minor) => `$ ${compact.format(minor / 100)}`),
      },
    ],
    series: [
      {},
      { stroke: colours.ink, width: 2, points: { show: series.hours.length < 3 } },
      ...(labelBefore ? [{ stroke: colours.edge, width: 2, dash: [6, 5], points: { show: false } }] : []),
    ],
    hooks: { draw: [(plot) => nameLines(plot, [label, labelBefore], colours)] },
  };
}

/** Writes each line's name at its end; when they end close together the second moves down or up by a row. */
function nameLines(plot: uPlot, labels: string[], colours: Colours): void {
  const { ctx } = plot;
  const row = 16 * devicePixelRatio;
  let taken: number | null = null;
  ctx.save();
  ctx.font = colours.font.replace(/^(\d+)px/, (_, px: string) => `600 ${Number(px) * devicePixelRatio}px`);
  ctx.textBaseline = "middle";
  labels.forEach((label, index) => {
    const values = plot.data[index + 1];
    const last = values ? values.findLastIndex((value) => value != null) : -1;
    if (!label || !values || last < 0) return;
    const x = plot.valToPos(plot.data[0][last] ?? 0, "x", true);
    let y = plot.valToPos(values[last] ?? 0, "y", true);
    if (taken !== null && Math.abs(y - taken) < row) y = y >= taken ? taken + row : taken - row;
    taken = y;
    ctx.textAlign = "left";
    ctx.fillStyle = index === 0 ? colours.ink : colours.edge;
    ctx.fillText(label, x + 8 * devicePixelRatio, y);
  });
  ctx.restore();
}
