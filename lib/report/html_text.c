/* SPDX-License-Identifier: Apache-2.0 */
#include "html.h"

static const char *entity(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
        return NULL;
    default:
        return c < 0x20 || c == 0x7f ? "\xef\xbf\xbd" : NULL;
    }
}

void cct_html_bytes(struct cct_buf *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const char *safe = entity((unsigned char)s[i]);
        if (safe)
            cct_buf_adds(out, safe);
        else
            cct_buf_addc(out, s[i]);
    }
}

void cct_html_text(struct cct_buf *out, const char *s)
{
    cct_html_bytes(out, s, strlen(s));
}

void cct_html_outside(struct cct_buf *out, const char *s)
{
    cct_buf_adds(out, "<bdi>");
    cct_html_text(out, s);
    cct_buf_adds(out, "</bdi>");
}

void cct_html_row(struct cct_buf *out, const char *label, struct cct_buf *value)
{
    if (value->len) {
        cct_buf_addf(out, "<div><dt>%s</dt><dd>", label);
        cct_buf_add(out, value->data, value->len);
        cct_buf_adds(out, "</dd></div>");
    }
    value->len = 0;
}

void cct_figure_open(struct cct_panel *panel, const char *id, const char *heading,
                     struct cct_buf *sentence)
{
    cct_buf_addf(panel->out, "<figure><figcaption><h3 id=\"r%zu-%s\">%s</h3><p id=\"r%zu-%s-s\">",
                 panel->no, id, heading, panel->no, id);
    cct_buf_add(panel->out, sentence->data, sentence->len);
    cct_buf_adds(panel->out, "</p></figcaption>\n");
}

void cct_figure_close(struct cct_panel *panel)
{
    cct_buf_adds(panel->out, "</figure>\n");
}
