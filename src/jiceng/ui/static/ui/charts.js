// Charts drawn beside tables that say the same. Data stands in the page as JSON; every bar leads to its list.
(function () {
  "use strict";
  var INK = "#1c2733", QUIET = "#51606f", LINE = "#dbe2ea";
  var BLUE = "#17499a", SKY = "#2f8fd8", AMBER = "#c77700", GREEN = "#1d6b3a", GREY = "#b9c3ce";
  var RING = [BLUE, SKY, "#5bb5cb", "#dca43c", "#7d6bb5", "#5b8c5a", "#9a5b3f", "#7f8b98"];
  var FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif';
  var drawn = [];

  function started(data) {
    return { animation: false, color: [BLUE, SKY, AMBER, GREEN], textStyle: { fontFamily: FONT, color: INK },
      // The usual tooltip writes HTML with styles into the page, which the site's policy does not allow.
      tooltip: { renderMode: "richText", confine: true, backgroundColor: "#fff", borderColor: LINE, textStyle: { color: INK } } };
  }

  function thousands(number) {
    return number === null || number === undefined ? "没有答案" : Number(number).toLocaleString("zh-CN", { maximumFractionDigits: 1 });
  }

  function axis(extra) {
    var told = { axisLabel: { color: QUIET }, axisLine: { lineStyle: { color: GREY } }, splitLine: { lineStyle: { color: "#e6ebf1" } } };
    Object.keys(extra).forEach(function (key) { told[key] = extra[key]; });
    return told;
  }

  var kinds = {
    trend: function (data, narrow) {
      var option = started(data), months = data.days.map(function (day) { return day.slice(0, 7); });
      option.legend = { top: 0, left: 0, itemGap: 12, textStyle: { color: INK }, data: data.lines.concat(data.bars).map(function (one) { return one.name; }) };
      option.axisPointer = { link: [{ xAxisIndex: "all" }] };
      option.tooltip.trigger = "axis";
      option.tooltip.formatter = function (points) {
        return [months[points[0].dataIndex]].concat(points.map(function (point) {
          return point.marker + point.seriesName + "：" + thousands(point.seriesType === "bar" ? Math.abs(point.value) : point.value) + " 人";
        })).join("\n");
      };
      option.grid = [{ left: 56, right: 16, top: narrow ? 104 : 60, bottom: 136 }, { left: 56, right: 16, height: 70, bottom: 26 }];
      option.xAxis = [axis({ type: "category", data: months, boundaryGap: true, axisLabel: { show: false }, axisTick: { show: false } }),
        axis({ type: "category", data: months, gridIndex: 1, axisTick: { show: false }, axisLine: { onZero: false, lineStyle: { color: GREY } }, axisLabel: { color: QUIET, hideOverlap: true } })];
      option.yAxis = [axis({ type: "value", scale: true, name: "人", nameTextStyle: { color: QUIET, align: "right" }, minInterval: 1, splitNumber: 4 }),
        axis({ type: "value", gridIndex: 1, minInterval: 1, splitNumber: 2, name: "人次", nameGap: 10, nameTextStyle: { color: QUIET, align: "right" }, axisLabel: { color: QUIET, formatter: function (value) { return thousands(Math.abs(value)); } } })];
      option.series = data.lines.map(function (one) {
        return { type: "line", name: one.name, data: one.values, symbol: "circle", symbolSize: 6, connectNulls: false,
          lineStyle: { width: 2, type: one.dashed ? "dashed" : "solid" } };
      }).concat(data.bars.map(function (one, k) {
        return { type: "bar", name: one.name, data: one.values, xAxisIndex: 1, yAxisIndex: 1, stack: "moves", itemStyle: { color: k ? "#b3261e" : GREEN }, barMaxWidth: 18 };
      }));
      return option;
    },
    ring: function (data, narrow) {
      var option = started(data);
      option.color = RING;
      option.legend = { top: narrow ? 0 : "middle", right: narrow ? "center" : 0, orient: narrow ? "horizontal" : "vertical", itemGap: 8, textStyle: { color: INK }, data: data.parts.map(function (part) { return part.name; }) };
      option.tooltip.formatter = function (point) { return point.marker + point.name + "：" + thousands(point.value) + " 人（" + point.percent + "%）"; };
      option.series = [{ type: "pie", name: data.title, radius: narrow ? ["31%", "52%"] : ["46%", "74%"], center: narrow ? ["50%", "66%"] : ["38%", "50%"], minAngle: 2,
        label: { formatter: "{d}%", color: INK }, labelLine: { length: 6, length2: 6 }, labelLayout: { hideOverlap: true },
        data: data.parts.map(function (part) { return { name: part.name, value: part.value, href: part.href, itemStyle: part.told ? {} : { color: GREY } }; }) }];
      return option;
    },
    bars: function (data) {
      var option = started(data);
      option.grid = { left: 48, right: 12, top: 28, bottom: 24 };
      option.tooltip.formatter = function (point) { return point.name + "：" + thousands(point.value) + " 人"; };
      option.xAxis = axis({ type: "category", data: data.parts.map(function (part) { return part.name; }), axisTick: { show: false }, axisLabel: { color: QUIET, interval: 0, hideOverlap: true } });
      option.yAxis = axis({ type: "value", name: "人", nameTextStyle: { color: QUIET, align: "right" }, minInterval: 1, splitNumber: 4 });
      option.series = [{ type: "bar", name: data.title, barMaxWidth: 46, label: { show: true, position: "top", color: INK, formatter: function (point) { return thousands(point.value); } },
        data: data.parts.map(function (part) { return { value: part.value, href: part.href, itemStyle: { color: part.told ? BLUE : GREY } }; }) }];
      return option;
    }
  };

  // A trend's data stand beside it as JSON; a breakdown is drawn from the very rows of the table beside it.
  function told_by(box) {
    var told = document.getElementById(box.getAttribute("data-of"));
    if (!told) return null;
    if (told.tagName === "SCRIPT") return JSON.parse(told.textContent);
    return { title: box.getAttribute("aria-label"), parts: Array.prototype.map.call(told.tBodies[0].rows, function (row) {
      return { name: row.cells[0].textContent, value: Number(row.cells[row.cells.length - 1].textContent.replace(/,/g, "")),
        href: row.querySelector("a").href, told: !row.classList.contains("untold") };
    }) };
  }

  function narrow(box, data) { return box.clientWidth < (data.kind === "ring" ? 400 : 600); }

  function draw(box) {
    var data = window.echarts && !box.classList.contains("drawn") ? told_by(box) : null;
    if (!data) return;
    data.kind = box.getAttribute("data-chart");
    box.classList.add("drawn");
    var chart = window.echarts.init(box, null, { renderer: "canvas" });
    chart.setOption(kinds[data.kind](data, narrow(box, data)));
    if (data.kind === "trend") follow(chart, data);
    else chart.on("click", function (event) { if (event.data && event.data.href) window.location.assign(event.data.href); });
    drawn.push({ box: box, chart: chart, data: data });
  }

  // Anywhere above a month leads there: above, to the workbench of its last day; below, to who came and went.
  function follow(chart, data) {
    chart.getZr().on("click", function (event) {
      var at = [event.offsetX, event.offsetY];
      [["day", data.days], ["month", data.days.map(function (day) { return day.slice(0, 7); })]].forEach(function (where, grid) {
        if (!chart.containPixel({ gridIndex: grid }, at)) return;
        var month = where[1][Math.round(chart.convertFromPixel({ xAxisIndex: grid }, event.offsetX))];
        if (month) window.location.assign(data[where[0]] + month);
      });
    });
    chart.getZr().on("mousemove", function (event) {
      var inside = [0, 1].some(function (grid) { return chart.containPixel({ gridIndex: grid }, [event.offsetX, event.offsetY]); });
      chart.getZr().setCursorStyle(inside ? "pointer" : "default");
    });
  }

  function all() { document.querySelectorAll("[data-chart]").forEach(draw); }

  all();
  document.addEventListener("htmx:after:swap", all);

  var waiting = 0;
  window.addEventListener("resize", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () {
      drawn.forEach(function (one) {
        one.chart.resize();
        one.chart.setOption(kinds[one.data.kind](one.data, narrow(one.box, one.data)));
      });
    }, 150);
  });

  // Paper has another width than the window: a picture fits itself.
  window.addEventListener("beforeprint", function () {
    drawn.forEach(function (one) {
      var picture = document.createElement("img");
      picture.className = "chart-print";
      picture.alt = one.box.getAttribute("aria-label");
      picture.src = one.chart.getDataURL({ pixelRatio: 2, backgroundColor: "#fff" });
      one.box.insertAdjacentElement("afterend", picture);
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll(".chart-print").forEach(function (picture) { picture.remove(); });
  });
})();
