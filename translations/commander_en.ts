<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en">
<context>
    <name>commander::ui::CaseDialog</name>
    <message numerus="yes">
        <source>%Ln more</source>
        <translation>
            <numerusform>%Ln more</numerusform>
            <numerusform>%Ln more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Given: %Ln earlier event(s)</source>
        <translation>
            <numerusform>Given: %Ln earlier event</numerusform>
            <numerusform>Given: %Ln earlier events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::ComposePage</name>
    <message numerus="yes">
        <source>%Ln spot(s) of the data do not fit the schema.</source>
        <translation>
            <numerusform>%Ln spot of the data does not fit the schema.</numerusform>
            <numerusform>%Ln spots of the data do not fit the schema.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::ConsumersPanel</name>
    <message numerus="yes">
        <source>%Ln command(s) wait</source>
        <translation>
            <numerusform>%Ln command waits</numerusform>
            <numerusform>%Ln commands wait</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>leaves out %Ln event(s)</source>
        <translation>
            <numerusform>leaves out %Ln event</numerusform>
            <numerusform>leaves out %Ln events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::ExportDialog</name>
    <message numerus="yes">
        <source>%Ln record(s) in %1, %2, up to position %3.</source>
        <translation>
            <numerusform>%Ln record in %1, %2, up to position %3.</numerusform>
            <numerusform>%Ln records in %1, %2, up to position %3.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::HeaderStrip</name>
    <message numerus="yes">
        <source>%Ln stream(s)</source>
        <translation>
            <numerusform>%Ln stream</numerusform>
            <numerusform>%Ln streams</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::ListField</name>
    <message numerus="yes">
        <source>%Ln element(s): too many for a form, edit them as JSON</source>
        <translation>
            <numerusform>%Ln element: too many for a form, edit it as JSON</numerusform>
            <numerusform>%Ln elements: too many for a form, edit them as JSON</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::MainWindow</name>
    <message numerus="yes">
        <source>%Ln part(s) of the engine stopped</source>
        <translation>
            <numerusform>%Ln part of the engine stopped</numerusform>
            <numerusform>%Ln parts of the engine stopped</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::ObjectField</name>
    <message numerus="yes">
        <source>%Ln more member(s) that the schema does not name: see the JSON</source>
        <translation>
            <numerusform>%Ln more member that the schema does not name: see the JSON</numerusform>
            <numerusform>%Ln more members that the schema does not name: see the JSON</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::OutcomeBox</name>
    <message numerus="yes">
        <source>It caused %Ln event(s).</source>
        <translation>
            <numerusform>It caused %Ln event.</numerusform>
            <numerusform>It caused %Ln events.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::PreviewTree</name>
    <message numerus="yes">
        <source>%Ln more command(s) would be decided later</source>
        <translation>
            <numerusform>%Ln more command would be decided later</numerusform>
            <numerusform>%Ln more commands would be decided later</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln more row(s) are not shown</source>
        <translation>
            <numerusform>%Ln more row is not shown</numerusform>
            <numerusform>%Ln more rows are not shown</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::RestPage</name>
    <message numerus="yes">
        <source>%Ln request(s) shown</source>
        <translation>
            <numerusform>%Ln request shown</numerusform>
            <numerusform>%Ln requests shown</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>paused, %Ln newer</source>
        <translation>
            <numerusform>paused, %Ln newer</numerusform>
            <numerusform>paused, %Ln newer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln older one(s) are not kept any more</source>
        <translation>
            <numerusform>%Ln older one is not kept any more</numerusform>
            <numerusform>%Ln older ones are not kept any more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::ServerCard</name>
    <message numerus="yes">
        <source>%Ln request(s)</source>
        <translation>
            <numerusform>%Ln request</numerusform>
            <numerusform>%Ln requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln open stream(s)</source>
        <translation>
            <numerusform>%Ln open stream</numerusform>
            <numerusform>%Ln open streams</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>commander::ui::SearchStrip</name>
    <message numerus="yes">
        <source>%Ln record(s)</source>
        <translation>
            <numerusform>%Ln record</numerusform>
            <numerusform>%Ln records</numerusform>
        </translation>
    </message>
</context>
</TS>
