document.querySelectorAll("table.sortable").forEach(function (table) {
  table.querySelectorAll("thead th").forEach(function (head, column) {
    var button = document.createElement("button");
    button.className = "sort";
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "descending";
      table.querySelectorAll("thead th").forEach(function (h) { h.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "ascending" : "descending");
      var body = table.tBodies[0];
      var value = function (row) {
        var cell = row.cells[column];
        var number = cell.getAttribute("data-n");
        return number === null ? cell.textContent : parseFloat(number);
      };
      Array.from(body.rows).sort(function (a, b) {
        var x = value(a), y = value(b);
        var order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
        return down ? order : -order;
      }).forEach(function (row) { body.appendChild(row); });
    });
  });
});
