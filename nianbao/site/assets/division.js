// The two charts of a division's page, drawn when they come into view.
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("chart-data").textContent);
  const names = {
    own: ["本地", "this place"], prefecture: ["地级市中位数", "median of the prefecture"], province: ["省中位数", "median of the province"], country: ["全国中位数", "median of the country"],
    req_granted_total: ["予以公开", "granted"], req_partial_total: ["部分公开", "partly granted"], refused: ["不予公开", "refused"],
    unavailable: ["无法提供", "unavailable"], declined: ["不予处理", "not processed"], closed: ["其他处理", "closed otherwise"],
  };
  const long = (series) => Object.entries(series).flatMap(([id, values], rank) => values.map((value, index) => ({ year: String(data.years[index]), value, rank, name: NB.pick(names[id]) })));
  const domain = (ids) => ids.map((id) => NB.pick(names[id]));

  function draw() {
    const lines = Object.assign({ own: data.own }, data.medians);
    const dash = { range: [[1, 0], [2, 2], [6, 3], [10, 4]] };
    const order = domain(Object.keys(lines));
    const year = { field: "year", type: "ordinal", title: null, scale: { domain: data.years.map(String) } };
    NB.draw("#chart-requests", {
      height: 240, data: { values: long(lines) },
      mark: { type: "line", point: true, strokeWidth: 2 },
      encoding: {
        x: year, y: { field: "value", type: "quantitative", title: null },
        color: { field: "name", type: "nominal", sort: order, scale: { domain: order }, legend: { symbolType: "stroke", symbolSize: 400 } },
        strokeDash: { field: "name", type: "nominal", sort: order, legend: { symbolType: "stroke", symbolSize: 400 }, scale: Object.assign({ domain: order }, dash) },
      },
    });
    const parts = domain(Object.keys(data.outcomes));
    NB.draw("#chart-outcomes", {
      height: 240, data: { values: long(data.outcomes) },
      mark: { type: "bar" },
      encoding: {
        x: year, y: { field: "value", type: "quantitative", title: null, stack: true },
        color: { field: "name", type: "nominal", sort: parts, scale: { domain: parts } }, order: { field: "rank", type: "quantitative" },
      },
    });
  }

  const place = document.getElementById("charts");
  place.hidden = false;
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    draw();
    document.addEventListener("language", draw);
    NB.onTheme(draw);
  }, { rootMargin: "200px" });
  seen.observe(place);
  addEventListener("beforeprint", () => { seen.disconnect(); draw(); });
})();
