import { CustomChart } from 'echarts/charts';
import {
  DataZoomComponent,
  GridComponent,
  TitleComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import type { EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Results } from '../../results/results.ts';
import { DARK, LIGHT } from '../chart/palette.ts';
import { timelineHeight, timelineOption } from '../chart/timeline.ts';
import { page } from './page.ts';
import type { PageElement } from './page.ts';

// The report's script: draws a timeline into each figure, from the results that the page carries.

use([CustomChart, DataZoomComponent, GridComponent, SVGRenderer, TitleComponent, TooltipComponent]);

const { document } = page;
const plays = JSON.parse(document.querySelector('#results')?.textContent ?? '[]') as Results[];
const dark = page.matchMedia('(prefers-color-scheme: dark)');

for (const figure of document.querySelectorAll('.play')) {
  const results = plays[Number(figure.dataset['play'])];
  const canvas = figure.querySelector('.timeline');
  if (results && canvas) show(results, figure, canvas);
}

function show(results: Results, figure: PageElement, canvas: PageElement): void {
  const height = timelineHeight(results);
  const chart = init(canvas, null, { renderer: 'svg', height });
  const draw = (palette = dark.matches ? DARK : LIGHT): void => {
    chart.setOption(timelineOption(results, palette));
  };
  draw();
  dark.addEventListener('change', () => draw());
  page.addEventListener('resize', () => chart.resize({ height }));
  page.addEventListener('beforeprint', () => {
    draw(LIGHT);
    // Paper does not wait for the next frame, and has a width of its own.
    chart.getZr().flush();
    const viewBox = `0 0 ${canvas.clientWidth} ${height}`;
    canvas.querySelector('svg')?.setAttribute('viewBox', viewBox);
  });
  page.addEventListener('afterprint', () => draw());
  addZoomButtons(results, figure, chart);
}

/** Each button shows one scene; the first shows all. */
function addZoomButtons({ scenes }: Results, figure: PageElement, chart: EChartsType): void {
  const buttons = [...figure.querySelectorAll('button[data-scene]')];
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const scene = scenes.find(({ name }) => name === button.dataset['scene']);
      const range = scene
        ? { startValue: scene.startMs, endValue: scene.endMs }
        : { start: 0, end: 100 };
      chart.dispatchAction({ type: 'dataZoom', dataZoomIndex: 0, ...range });
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
    });
  }
}
