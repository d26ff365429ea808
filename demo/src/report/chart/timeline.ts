import type { EChartsOption, SeriesOption } from 'echarts';
import type { Results } from '../../results/results.ts';
import { plainAxis, rowAxis, timeAxis, zooms } from './axes.ts';
import { connectionSeries } from './connection-series.ts';
import { layOut, MARGIN } from './layout.ts';
import type { Panel } from './layout.ts';
import type { Palette } from './palette.ts';
import { querySeries } from './query-series.ts';
import { bandSeries, headSeries, markNameSeries, markSeries } from './scene-series.ts';
import { FONT } from './shapes.ts';

/** The lines above the strips: the heads of the scenes, and what was done to the applications. */
const LINES = 2;

/** The timeline of a play, as the chart library takes it. */
export function timelineOption(results: Results, palette: Palette): EChartsOption {
  const layout = layOut(results);
  const { head, marks, panels } = layout;
  const boxes = [head, marks, ...panels];
  const endMs = Math.ceil((results.scenes.at(-1)?.endMs ?? 1000) / 100) * 100;
  const axes = boxes.map((_, index) => index);
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: boxes.map(({ top, height }) => ({ ...MARGIN, top, height })),
    xAxis: axes.map((index) => timeAxis(index, endMs, index === axes.length - 1, palette)),
    yAxis: [
      plainAxis(0),
      plainAxis(1),
      ...panels.map((panel, index) => rowAxis(panel, index + LINES, palette)),
    ],
    title: panels.map((panel) => captionOf(panel, palette)),
    tooltip: tooltip(palette),
    dataZoom: zooms(axes, layout, palette),
    series: [
      headSeries(results, 0, palette),
      markNameSeries(results, 1, palette),
      ...panels.flatMap((panel, index) => strip(results, panel, index + LINES, palette)),
    ],
  };
}

/** How high the timeline is, in pixels. */
export function timelineHeight(results: Results): number {
  return layOut(results).height;
}

function tooltip({ page: backgroundColor, line: borderColor, text: color }: Palette): object {
  const textStyle = { color, fontSize: 13 };
  return { trigger: 'item', confine: true, backgroundColor, borderColor, textStyle };
}

function captionOf({ caption, top }: Panel, { text: color }: Palette): object {
  const textStyle = { fontSize: 12, fontWeight: 'bold', color };
  return { text: caption, left: MARGIN.left - 5, top: top - 24, textStyle };
}

/** Behind: the scenes, and what was done in them. In front: the queries, or the connections. */
function strip(results: Results, panel: Panel, axis: number, palette: Palette): SeriesOption[] {
  const front =
    panel.kind === 'queries'
      ? querySeries(results, panel, axis, palette)
      : connectionSeries(panel, axis, palette);
  return [bandSeries(results, axis, palette), markSeries(results, panel, axis, palette), front];
}
