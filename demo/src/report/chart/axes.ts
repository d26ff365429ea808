import type { XAXisComponentOption, YAXisComponentOption } from 'echarts';
import { MARGIN } from './layout.ts';
import type { Layout, Panel } from './layout.ts';
import type { Palette } from './palette.ts';

/** The time axis of one strip; only the lowest is labelled, because all show the same time. */
export function timeAxis(
  gridIndex: number,
  max: number,
  show: boolean,
  { faint, line }: Palette,
): XAXisComponentOption {
  return {
    type: 'value',
    gridIndex,
    min: 0,
    max,
    splitLine: { show: false },
    axisLine: { show, lineStyle: { color: line } },
    axisTick: { show },
    axisLabel: {
      show,
      color: faint,
      showMaxLabel: false,
      formatter: (ms: number) => `${Number((ms / 1000).toFixed(2))} s`,
    },
  };
}

/** The rows of a strip, the first on top; the users are named, the places in a pool are not. */
export function rowAxis(
  { kind, rows }: Panel,
  gridIndex: number,
  { faint }: Palette,
): YAXisComponentOption {
  return {
    ...bareAxis(gridIndex),
    type: 'category',
    inverse: true,
    data: [...rows],
    axisLabel: { show: kind === 'queries', interval: 0, fontSize: 10, color: faint },
  };
}

/** The upright axis of a line without rows. */
export function plainAxis(gridIndex: number): YAXisComponentOption {
  return { ...bareAxis(gridIndex), type: 'value' };
}

const bareAxis = (gridIndex: number) =>
  ({
    gridIndex,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { show: false },
    splitLine: { show: false },
  }) as const;

/** Zooms all strips together: by a slider, by dragging, and by the wheel with the control key. */
export function zooms(
  xAxisIndex: number[],
  { sliderTop }: Layout,
  { faint, line }: Palette,
): object[] {
  const common = { xAxisIndex, filterMode: 'none' } as const;
  return [
    {
      ...common,
      type: 'slider',
      top: sliderTop,
      height: 22,
      ...MARGIN,
      showDataShadow: false,
      borderColor: line,
      textStyle: { color: faint },
      labelFormatter: (ms: number) => `${(ms / 1000).toFixed(1)} s`,
    },
    { ...common, type: 'inside', zoomOnMouseWheel: 'ctrl' },
  ];
}
