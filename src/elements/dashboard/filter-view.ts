import { html, nothing, type TemplateResult } from 'lit/html.js';
import { intervals, periods } from '../../controller/dashboard/filters.js';
import { choice } from '../help/choice.js';
import type { DashboardView } from './dashboard-view-model.js';

/** Period, interval, application and time zone: of everything that is shown. */
export function filterView({ words, snapshot, filter, ownTimeZone }: DashboardView): TemplateResult {
  const { filters, span, applications, providerTimeZone = '' } = snapshot;
  const zones = [
    ...new Set([providerTimeZone, ownTimeZone, 'UTC', ...(filters.timeZone ? [filters.timeZone] : [])]),
  ];
  return html`<div part="filters">
    ${choice(
      'period',
      words.filters.period,
      filters.period,
      periods.map((period) => [period, words.periods[period]]),
      (period) =>
        filter({
          period: periods.find((name) => name === period)!,
          from: period === 'custom' ? span?.from : undefined,
          to: period === 'custom' ? span?.to : undefined,
        }),
    )}
    ${filters.period === 'custom' ? (['from', 'to'] as const).map(day) : nothing}
    ${
      span && span.days > 31
        ? nothing
        : choice(
            'interval',
            words.filters.interval,
            span?.interval ?? 'day',
            intervals.map((interval) => [interval, words.intervals[interval]]),
            (interval) => filter({ interval: intervals.find((name) => name === interval) }),
          )
    }
    ${
      applications.size > 0
        ? choice(
            'application',
            words.filters.application,
            filters.applicationId ?? '',
            [['', words.all], ...applications],
            (applicationId) => filter({ applicationId: applicationId || undefined }),
          )
        : nothing
    }
    ${choice(
      'zone',
      words.filters.timeZone,
      filters.timeZone ?? providerTimeZone,
      zones.map((zone) => [zone, zone]),
      (zone) => filter({ timeZone: zone === providerTimeZone ? undefined : zone }),
    )}
  </div>`;

  function day(name: 'from' | 'to'): TemplateResult {
    return html`<label part="field-label">
      <span part="field-name">${words.filters[name]}</span>
      <input
        part="field ${name}-field"
        type="date"
        .value=${filters[name] ?? ''}
        @change=${({ target }: Event) => {
          const { value } = target as HTMLInputElement;
          if (value) filter({ [name]: value });
        }}
      />
    </label>`;
  }
}
